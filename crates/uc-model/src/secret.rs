//! Values that must not be printed, serialised or left in memory.

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

/// A secret: wiped on drop, `Debug` prints dots, no `Display`, no `Serialize`. It stays in one place of the heap: what is moved on
/// the stack leaves a copy behind that nobody wipes.
pub struct Secret<T: Zeroize>(Box<Zeroizing<T>>);

/// A secret text: a token, a password, a PIN.
pub type SecretString = Secret<String>;
/// A key of `N` bytes.
pub type SecretBytes<const N: usize> = Secret<[u8; N]>;

impl<T: Zeroize> Secret<T> {
    /// Takes the value over.
    pub fn new(value: T) -> Self {
        Self(Box::new(Zeroizing::new(value)))
    }

    /// The value, for the one place that needs it.
    #[must_use]
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

impl<T: Zeroize + Clone + Default> Clone for Secret<T> {
    fn clone(&self) -> Self {
        let mut copy = Self::new(T::default());
        copy.expose_mut().clone_from(self.expose());
        copy
    }
}

impl<const N: usize> Secret<[u8; N]> {
    /// Copies bytes from where they are to where they stay; `None` when there are more or fewer.
    #[must_use]
    pub fn copied(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self::new([0; N]);
        (bytes.len() == N).then(|| {
            secret.expose_mut().copy_from_slice(bytes);
            secret
        })
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
