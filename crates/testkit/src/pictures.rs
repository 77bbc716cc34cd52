//! Pictures for tests.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A PNG whose pixels all differ, so that a smaller copy has fewer bytes.
pub fn picture_of_noise(width: u32, height: u32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| {
        let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
        Rgb([0, 8, 16].map(|shift| (mixed >> shift).to_le_bytes()[0]))
    };
    let mut bytes = Vec::new();
    let picture = RgbImage::from_fn(width, height, pixel);
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("the picture can be written");
    bytes
}
