//! The main job, as `cargo xtask demo` runs it.

use uc_e2e::{
    failure::chain,
    main_job,
    products::{fresh_folder, repository},
};

#[tokio::test(flavor = "multi_thread")]
async fn plat_01_a_citizen_signs_in_finds_applies_and_follows_the_status_also_offline() {
    let output = fresh_folder(&repository().join("target/main-job")).unwrap();
    let mut held = 0;
    let outcome = main_job::run(output, 20_261_123, |_| held += 1).await;
    if let Err(broken) = outcome {
        panic!("{:?} did not hold: {}", broken.step, chain(&broken.failure));
    }
    assert_eq!(held, main_job::Step::ALL.len());
}
