//! The provider's keys, and what it signs with them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData as _};
use serde_json::{Value, json};

use super::{CLIENT_ID, merge, script::Signing};

/// A key that opens nothing: RSA keys take too long to make.
const RSA_PEM: &[u8] = include_bytes!("rsa.pem");
/// Its modulus; the exponent is 65537.
const RSA_MODULUS: &str = "sY6p-zrPNWviDgkejzf2z3L0j9blEAaIHN0qQILo27WUt938JY60QvkTjrHDUORvipmJXpsyNB2dcEgD7HpSWExJ_xEEbTTSeG53mh_alX55ptXCjwDBZfLNTA-UL4e7JUMQfBrIdtFkAt5MEUiQuWjrQtbA97TvMwnXUxRhZNt8vxV9-v-Fs4GuAR01h5V6QvNXwXOR_7Xah3dbzWTsXEhzazYLsJoc2FPBrvkRBdjUFIg3goEF4OT-JJq6Fu5zrdiW-mGSnwX_TBrXdUYCCrBmzcw1186EhOWlETwyij3W4ePEk7ebxfG2bGq7cz08k_7ghhtB5vjX4sCl4xJltQ";

/// The keys of a provider.
pub(super) struct Keys {
    ec: KeyPair,
    stranger: KeyPair,
    edwards: KeyPair,
}

impl Keys {
    pub(super) fn generate() -> Self {
        Self {
            ec: KeyPair::generate().expect("a key"),
            stranger: KeyPair::generate().expect("a key"),
            edwards: KeyPair::generate_for(&PKCS_ED25519).expect("a key"),
        }
    }

    /// The EC key with this id.
    pub(super) fn jwk(&self, kid: Option<&str>) -> Value {
        ec_jwk(&self.ec, kid)
    }

    /// An EC key of somebody else.
    pub(super) fn stranger_jwk(&self, kid: Option<&str>) -> Value {
        ec_jwk(&self.stranger, kid)
    }

    /// The public keys of all algorithms that the provider can sign with.
    pub(super) fn jwks(&self) -> Value {
        let rsa = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "key-rsa", "n": RSA_MODULUS, "e": "AQAB"
        });
        let edwards = json!({
            "kty": "OKP", "use": "sig", "crv": "Ed25519", "kid": "key-ed",
            "x": URL_SAFE_NO_PAD.encode(self.edwards.der_bytes())
        });
        json!({ "keys": [self.jwk(Some("key-1")), rsa, edwards] })
    }

    /// Signs a message by the algorithm of the header, or as the script says.
    pub(super) fn sign(&self, message: &[u8], signing: Signing, alg: &str) -> String {
        match signing {
            Signing::True => self.sign_truly(message, alg),
            Signing::None => String::new(),
            Signing::HmacByClientId => hmac(message, CLIENT_ID.as_bytes()),
            Signing::HmacByPublicKey => hmac(message, self.ec.der_bytes()),
            Signing::HmacByRsaKey => hmac(message, RSA_MODULUS.as_bytes()),
            Signing::StrangerKey => sign_ec(&self.stranger, message),
            Signing::Truncated => {
                let signature = self.sign_truly(message, alg);
                signature[..signature.len() / 2].to_owned()
            }
            Signing::Flipped(bit) => {
                let signature = self.sign_truly(message, alg);
                let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("base64");
                bytes[bit / 8] ^= 1 << (bit % 8);
                URL_SAFE_NO_PAD.encode(bytes)
            }
        }
    }

    fn sign_truly(&self, message: &[u8], alg: &str) -> String {
        match alg {
            "RS256" => {
                let key = EncodingKey::from_rsa_pem(RSA_PEM).expect("a key");
                sign(message, &key, Algorithm::RS256)
            }
            "EdDSA" => {
                let key = EncodingKey::from_ed_der(&self.edwards.serialize_der());
                sign(message, &key, Algorithm::EdDSA)
            }
            _ => sign_ec(&self.ec, message),
        }
    }
}

fn sign_ec(key: &KeyPair, message: &[u8]) -> String {
    let key = EncodingKey::from_ec_der(&key.serialize_der());
    sign(message, &key, Algorithm::ES256)
}

fn hmac(message: &[u8], secret: &[u8]) -> String {
    sign(message, &EncodingKey::from_secret(secret), Algorithm::HS256)
}

fn sign(message: &[u8], key: &EncodingKey, algorithm: Algorithm) -> String {
    jsonwebtoken::crypto::sign(message, key, algorithm).expect("a signature")
}

/// The uncompressed point of a P-256 key is 4, x, y.
fn ec_jwk(key: &KeyPair, kid: Option<&str>) -> Value {
    let point = key.der_bytes();
    let mut jwk = json!({
        "kty": "EC", "crv": "P-256", "use": "sig",
        "x": URL_SAFE_NO_PAD.encode(&point[1..33]),
        "y": URL_SAFE_NO_PAD.encode(&point[33..65])
    });
    merge(&mut jwk, &json!({ "kid": kid }));
    jwk
}
