//! Forms and answers, good and bad.
