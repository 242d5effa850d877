//! The portal's device authority: issues certificates to keys of devices, and checks them.

use jiff::{Timestamp, ToSpan as _, tz::Offset};
use rcgen::{
    BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, SignatureAlgorithm,
};
use rustls::pki_types::{CertificateDer, UnixTime, pem::PemObject as _};
use uuid::Uuid;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring::ECDSA_P256_SHA256};

use crate::{
    data_dir::DataDir,
    oidc::PublicKey,
    pki::{self, PkiError},
};

const CERTIFICATE_FILE: &str = "device-ca.pem";
const KEY_FILE: &str = "device-ca.key";
const CA_YEARS: i32 = 30;

/// Issues and checks certificates of devices.
pub struct DeviceAuthority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

/// What a certificate says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// Of which session.
    pub session: Uuid,
    /// Which key.
    pub(crate) key: PublicKey,
}

/// A public key on its way into a certificate.
struct Point<'a>(&'a [u8]);

impl PublicKeyData for Point<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl DeviceAuthority {
    /// Reads the authority; makes it at the first start.
    pub fn load_or_create(dir: &DataDir, now: Timestamp) -> Result<Self, PkiError> {
        let kept = (dir.read(CERTIFICATE_FILE)?, dir.read(KEY_FILE)?);
        let (pem, key) = match kept {
            (Some(pem), Some(key)) => (pem, KeyPair::from_pem(&key)?),
            (Some(_) | None, _) => create(dir, now)?,
        };
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes());
        Ok(Self {
            certificate: certificate.map_err(|_| PkiError::Malformed)?,
            issuer: Issuer::new(ca_params(now), key),
        })
    }

    /// Certifies a key for a session, from yesterday to the day after `last`; `None` for a key of another kind than P-256.
    pub(crate) fn issue(
        &self,
        session: Uuid,
        key: &PublicKey,
        (now, last): (Timestamp, Timestamp),
    ) -> Result<Option<Vec<u8>>, PkiError> {
        let Some(point) = key.p256_point() else {
            return Ok(None);
        };
        let mut params = CertificateParams::default();
        params.distinguished_name = pki::distinguished_name("Edinyi Klient device");
        let uri = format!("urn:uuid:{session}");
        params.subject_alt_names = vec![SanType::URI(uri.try_into()?)];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let day = |at| Offset::UTC.to_datetime(at).date();
        pki::set_validity(&mut params, day(last).saturating_add(1.day()), day(now));
        let signed = params.signed_by(&Point(point), &self.issuer)?;
        Ok(Some(signed.der().to_vec()))
    }

    /// What a certificate of ours says now; `None` when it is not ours, damaged, or of another time.
    #[must_use]
    pub fn check(&self, der: &[u8], now: Timestamp) -> Option<Certified> {
        let der = CertificateDer::from(der);
        let certificate = EndEntityCert::try_from(&der).ok()?;
        let anchor = anchor_from_trusted_cert(&self.certificate).ok()?;
        let since = std::time::Duration::try_from(now.as_duration()).ok()?;
        certificate
            .verify_for_usage(
                &[ECDSA_P256_SHA256],
                &[anchor],
                &[],
                UnixTime::since_unix_epoch(since),
                KeyUsage::client_auth(),
                None,
                None,
            )
            .ok()?;
        let mut names = certificate.valid_uri_names();
        let session = names.next()?.strip_prefix("urn:uuid:")?.parse().ok()?;
        let info = certificate.subject_public_key_info();
        // The point ends the structure (RFC 5480 §2): a bit string without unused bits.
        let point = info.as_ref().last_chunk::<65>()?;
        Some(Certified {
            session,
            key: PublicKey::of_p256_point(point)?,
        })
    }
}

fn create(dir: &DataDir, now: Timestamp) -> Result<(String, KeyPair), PkiError> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let pem = ca_params(now).self_signed(&key)?.pem();
    dir.write(KEY_FILE, &key.serialize_pem())?;
    dir.write(CERTIFICATE_FILE, &pem)?;
    Ok((pem, key))
}

fn ca_params(now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = pki::distinguished_name("Edinyi Klient device CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let today = Offset::UTC.to_datetime(now).date();
    pki::set_validity(&mut params, today.saturating_add(CA_YEARS.years()), today);
    params
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_772_440_000, 0);
    const SESSION: Uuid = Uuid::from_u128(7);

    fn authority() -> (tempfile::TempDir, DeviceAuthority) {
        let dir = tempfile::tempdir().unwrap();
        let opened = DataDir::open(dir.path()).unwrap();
        let authority = DeviceAuthority::load_or_create(&opened, NOW).unwrap();
        (dir, authority)
    }

    fn key() -> PublicKey {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        PublicKey::of_p256_point(pair.der_bytes().first_chunk().unwrap()).unwrap()
    }

    fn after(days: i64) -> Timestamp {
        NOW + SignedDuration::from_hours(24 * days)
    }

    #[test]
    fn auth_09_a_certificate_says_whose_key_it_is_as_long_as_it_holds() {
        let (_dir, authority) = authority();
        let key = key();
        let issued = authority.issue(SESSION, &key, (NOW, after(10)));
        let der = issued.unwrap().expect("a key that is taken");
        let certified = Certified {
            session: SESSION,
            key,
        };
        for (days, holds) in [(0, true), (10, true), (12, false), (-3, false)] {
            let said = authority.check(&der, after(days));
            assert_eq!(said, holds.then(|| certified.clone()), "{days}");
        }
    }

    #[test]
    fn auth_09_nothing_else_is_a_certificate() {
        let (dir, authority) = authority();
        let other = self::authority();
        let issue = |by: &DeviceAuthority| by.issue(SESSION, &key(), (NOW, after(10)));
        let stranger = issue(&other.1).unwrap().unwrap();
        assert_eq!(authority.check(&stranger, NOW), None);
        let mut damaged = issue(&authority).unwrap().unwrap();
        for place in 0..damaged.len() {
            damaged[place] ^= 1;
            assert_eq!(authority.check(&damaged, NOW), None, "{place}");
            damaged[place] ^= 1;
        }
        assert_eq!(authority.check(&authority.certificate, NOW), None);
        assert_eq!(authority.check(b"", NOW), None);
        // It is the same one after a restart.
        drop(authority);
        let again = DataDir::open(dir.path()).unwrap();
        let again = DeviceAuthority::load_or_create(&again, after(1)).unwrap();
        assert!(again.check(&damaged, NOW).is_some());
    }
}
