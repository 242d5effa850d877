//! Files of a person: begun, sent in chunks, whole or absent.
//!
//! A file is named by the SHA-256 of its bytes in 64 small hexadecimal digits. `POST /v1/files/{id}` begins an upload or
//! tells how far it has come; `PUT /v1/files/{id}/{start}` adds the bytes from there on, 1 MiB at most; when the last have
//! come, the file is checked and kept. A chunk that came before changes nothing and is answered with how far the upload
//! is, so that whoever lost an answer goes on from there.

use serde::{Deserialize, Serialize};

use uc_model::ContentHash;

use crate::{Endpoint, Method};

/// Bytes of a chunk, at most.
pub const MAX_CHUNK_BYTES: usize = 1024 * 1024;

/// Where a chunk goes: `{id}` is the file, `{start}` the place of its first byte. The body is the bytes themselves.
pub const PUT_CHUNK: &str = "/v1/files/{id}/{start}";

/// [`PUT_CHUNK`] with this file and this place.
#[must_use]
pub fn chunk_path(file: ContentHash, start: u64) -> String {
    PUT_CHUNK
        .replace("{id}", &file.to_string())
        .replace("{start}", &start.to_string())
}

/// `POST /v1/files/{id}`: begins an upload, or tells how far it has come.
#[derive(Debug, Clone, Copy)]
pub struct BeginUpload;

impl Endpoint for BeginUpload {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/files/{id}";
    const AUTHENTICATED: bool = true;
    type Query = ();
    type Body = NewFile;
    type Response = UploadState;
}

/// What is about to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewFile {
    /// Bytes in all: 1 to 20 MiB.
    pub size: u64,
}

/// How far a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadState {
    /// Bytes in all.
    pub size: u64,
    /// Bytes that came: where the next chunk begins.
    pub received: u64,
    /// Whether it is kept: whole, and of a kind that is taken.
    pub stored: bool,
}
