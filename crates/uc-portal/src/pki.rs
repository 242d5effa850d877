//! The portal's own certificate authority, and the server's certificate under it.
//!
//! Clients trust exactly this authority for this portal. It is constrained to the portal's own names, so that whoever
//! imports it into a browser trusts it for nothing else (RFC 5280 §4.2.1.10).

use std::{net::IpAddr, sync::Arc};

use jiff::{Timestamp, ToSpan, civil::Date, tz::Offset};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    NameConstraints, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
    version::TLS13,
};

use crate::data_dir::{DataDir, DataDirError};

/// The authority's certificate, for those who are to trust it.
pub const CA_FILE: &str = "ca.pem";

const CA_YEARS: i32 = 10;
const LEAF_DAYS: i64 = 90;
const RENEW_WHEN_LEFT_DAYS: i64 = 30;

/// Why there is no certificate to serve with.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file cannot be read or written.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// A certificate cannot be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// A certificate cannot be used.
    #[error("cannot serve with the certificate")]
    Tls(#[from] rustls::Error),
    /// A file holds no certificate.
    #[error("malformed certificate file")]
    Malformed,
    /// The portal's name changed after its authority was made.
    #[error(
        "the certificate authority was made for other names; remove ca.pem, ca.key and names to make a new one"
    )]
    OtherNames,
}

/// TLS as the portal speaks it, and the authority's certificate.
pub struct Pki {
    /// TLS 1.3 only, HTTP/2 and HTTP/1.1.
    pub tls: Arc<ServerConfig>,
    /// The authority's certificate in PEM.
    pub ca_pem: String,
}

/// Loads the authority and the server's certificate; makes what is absent and renews what soon ends.
pub fn load_or_create(
    dir: &DataDir,
    public_host: Option<&str>,
    now: Timestamp,
) -> Result<Pki, PkiError> {
    let names = names(public_host);
    let today = Offset::UTC.to_datetime(now).date();
    let ca = load_or_create_ca(dir, &names, today)?;
    let leaf = load_or_issue_leaf(dir, &ca, &names, today)?;
    Ok(Pki {
        tls: server_config(&leaf)?,
        ca_pem: ca.pem,
    })
}

struct Authority {
    pem: String,
    key: KeyPair,
}

struct Leaf {
    pem: String,
    key: KeyPair,
}

fn names(public_host: Option<&str>) -> Vec<String> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(Into::into).into();
    names.extend(public_host.map(Into::into));
    names
}

fn load_or_create_ca(dir: &DataDir, names: &[String], today: Date) -> Result<Authority, PkiError> {
    let written_names = names.join("\n");
    if let (Some(pem), Some(key)) = (dir.read(CA_FILE)?, dir.read("ca.key")?) {
        if dir.read("names")?.as_deref() != Some(&written_names) {
            return Err(PkiError::OtherNames);
        }
        let key = KeyPair::from_pem(&key)?;
        return Ok(Authority { pem, key });
    }
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let pem = ca_params(names, today).self_signed(&key)?.pem();
    dir.write("names", &written_names)?;
    dir.write("ca.key", &key.serialize_pem())?;
    dir.write(CA_FILE, &pem)?;
    Ok(Authority { pem, key })
}

fn ca_params(names: &[String], today: Date) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished_name("Edinyi Klient local portal CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.iter().map(|name| subtree(name)).collect(),
        excluded_subtrees: Vec::new(),
    });
    set_validity(&mut params, today.saturating_add(CA_YEARS.years()), today);
    params
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(address) => {
            let prefix = if address.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, prefix))
        }
        Err(_) => GeneralSubtree::DnsName(name.into()),
    }
}

fn load_or_issue_leaf(
    dir: &DataDir,
    ca: &Authority,
    names: &[String],
    today: Date,
) -> Result<Leaf, PkiError> {
    let renew_on = dir
        .read("leaf.renew")?
        .and_then(|day| day.trim().parse::<Date>().ok());
    if let (Some(pem), Some(key), true) = (
        dir.read("leaf.pem")?,
        dir.read("leaf.key")?,
        renew_on.is_some_and(|day| today < day),
    ) {
        let key = KeyPair::from_pem(&key)?;
        return Ok(Leaf { pem, key });
    }
    let leaf = issue_leaf(ca, names, today)?;
    // The day comes last: a leaf whose writing was cut is issued again.
    dir.write("leaf.renew", "")?;
    dir.write("leaf.key", &leaf.key.serialize_pem())?;
    dir.write("leaf.pem", &leaf.pem)?;
    let renew_on = today.saturating_add((LEAF_DAYS - RENEW_WHEN_LEFT_DAYS).days());
    dir.write("leaf.renew", &renew_on.to_string())?;
    Ok(leaf)
}

fn issue_leaf(ca: &Authority, names: &[String], today: Date) -> Result<Leaf, PkiError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.distinguished_name = distinguished_name("Edinyi Klient local portal");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, today.saturating_add(LEAF_DAYS.days()), today);
    let issuer = Issuer::new(ca_params(names, today), &ca.key);
    let pem = params.signed_by(&key, &issuer)?.pem();
    Ok(Leaf { pem, key })
}

pub(crate) fn distinguished_name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

/// From yesterday on: clocks differ.
pub(crate) fn set_validity(params: &mut CertificateParams, last: Date, today: Date) {
    let (year, month, day) = ymd(today.saturating_sub(1.day()));
    params.not_before = rcgen::date_time_ymd(year, month, day);
    let (year, month, day) = ymd(last);
    params.not_after = rcgen::date_time_ymd(year, month, day);
}

fn ymd(date: Date) -> (i32, u8, u8) {
    (
        date.year().into(),
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    )
}

fn server_config(leaf: &Leaf) -> Result<Arc<ServerConfig>, PkiError> {
    let certificate =
        CertificateDer::from_pem_slice(leaf.pem.as_bytes()).map_err(|_| PkiError::Malformed)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf.key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
