//! Makes a permission of every command in the table and reads the capabilities that grant them.

fn main() {
    println!("cargo:rerun-if-changed=../capabilities");
    println!("cargo:rerun-if-changed=../frontend/dist");
    let manifest = tauri_build::AppManifest::new().commands(uc_ipc::COMMAND_NAMES);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern("../capabilities/**/*.json");
    tauri_build::try_build(attributes).expect("the capabilities name commands of the table");
}
