//! A page of the catalogue, as far as its forms: whatever the portal sends is read or refused.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uc_forms::Form;
use uc_portal_api::{CatalogueChange, CataloguePage};

fuzz_target!(|bytes: &[u8]| {
    let Ok(page) = serde_json::from_slice::<CataloguePage>(bytes) else {
        return;
    };
    for change in &page.changes {
        if let CatalogueChange::Form(form) = change
            && let Ok(parsed) = Form::parse(&form.schema, &form.layout)
        {
            // A form that is taken bears being looked at with nothing in it.
            let empty = uc_model::Answers::default();
            let settled = parsed.settle(&empty);
            let _ = parsed.check(&settled);
        }
    }
    let written = serde_json::to_vec(&page).expect("what was read can be written");
    let again: CataloguePage = serde_json::from_slice(&written).expect("and read again");
    assert_eq!(again, page, "reading changes nothing");
});
