//! Values that must not be printed, serialised or left in memory.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A secret: wiped on drop, `Debug` prints dots, no `Display`, no `Serialize`.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

/// A secret text: a token, a password, a PIN.
pub type SecretString = Secret<String>;
/// A key of `N` bytes.
pub type SecretBytes<const N: usize> = Secret<[u8; N]>;

impl<T: Zeroize> Secret<T> {
    /// Takes the value over.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value, for the one place that needs it.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, for filling it in place.
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl<T: Zeroize + Clone> Clone for Secret<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", SecretString::new("token".into())), "•••");
    }
}
