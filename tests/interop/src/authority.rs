//! An authority of one run, and a certificate of 127.0.0.1 under it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use crate::{Failure, Result};

/// PEM files of a run: whom clients trust, and what a server shows.
#[derive(Debug, Clone)]
pub struct TestAuthority {
    /// The authority's certificate.
    pub authority: PathBuf,
    /// The server's certificate.
    pub certificate: PathBuf,
    /// The server's key.
    pub key: PathBuf,
}

impl TestAuthority {
    /// Makes both anew; the authority's key is forgotten at once.
    pub fn make(folder: &Path) -> Result<Self> {
        let issuer = Issuer::new(authority_params(), KeyPair::generate()?);
        let authority = authority_params().self_signed(issuer.key())?;
        let key = KeyPair::generate()?;
        let certificate = server_params()?.signed_by(&key, &issuer)?;
        Ok(Self {
            authority: write(folder, "judge-ca.pem", &authority.pem())?,
            certificate: write(folder, "judge.pem", &certificate.pem())?,
            key: write(folder, "judge.key", &key.serialize_pem())?,
        })
    }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Authority of a test run");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn server_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()])?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Provider of a test run");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn write(folder: &Path, name: &str, pem: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    fs::write(&path, pem).map_err(Failure::file(&path))?;
    Ok(path)
}
