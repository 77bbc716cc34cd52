//! Digests, by which one build recognises the inputs of another.

use std::fs::File;

/// The first half of a BLAKE3 hash.
pub(crate) type Digest = [u8; 16];

/// The digest of bytes.
pub(crate) fn digest(bytes: &[u8]) -> Digest {
    half(blake3::hash(bytes))
}

/// The digest and the number of the bytes of a file.
///
/// # Errors
/// Fails if the file cannot be read.
pub(crate) fn digest_of(file: &mut File) -> std::io::Result<(Digest, u64)> {
    let mut hasher = blake3::Hasher::new();
    let length = std::io::copy(file, &mut hasher)?;
    Ok((half(hasher.finalize()), length))
}

/// Computes the digest of a sequence of values. It also depends on where one value ends and the next begins.
#[derive(Default)]
pub(crate) struct Digester(blake3::Hasher);

impl Digester {
    pub(crate) fn add(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        self
    }

    pub(crate) fn finish(&self) -> Digest {
        half(self.0.finalize())
    }
}

fn half(hash: blake3::Hash) -> Digest {
    let mut digest = [0; 16];
    digest.copy_from_slice(&hash.as_bytes()[..16]);
    digest
}
