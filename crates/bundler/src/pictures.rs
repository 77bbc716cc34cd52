//! Pictures made of pixels: their sizes as browsers show them, and smaller copies of them.

use std::fs::File;
use std::io::{BufReader, Cursor, Seek as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use exif::{In, Tag};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::imageops::{self, FilterType::Lanczos3};
use image::metadata::Orientation;
use image::{
    ColorType, ExtendedColorType, ImageBuffer, ImageDecoder, ImageEncoder, ImageFormat, ImageResult, Limits,
    Luma, LumaA, Pixel, Rgb, Rgba, guess_format,
};
use imagesize::ImageType;

/// What the beginning of a picture's file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pixels {
    /// The width and height in pixels as browsers show it: upright, however the camera was held.
    pub(crate) size: (u32, u32),
    /// Whether [`smaller_copy`] knows the format, JPEG or PNG, and the picture is not too large for it. Of WebP it could make copies without loss only, which have
    /// more bytes than the picture.
    pub(crate) may_be_copied: bool,
}

impl Pixels {
    /// Reads the beginning of a picture's file. `None` if it is no picture of pixels.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let mut reader = BufReader::new(File::open(file).ok()?);
        let kind = imagesize::reader_type(&mut reader).ok()?;
        let size = kind.reader_size(&mut reader).ok()?;
        let (width, height) = (size.width.try_into().ok()?, size.height.try_into().ok()?);
        let has_format = matches!(kind, ImageType::Jpeg | ImageType::Png);
        let may_be_copied = has_format && u64::from(width) * u64::from(height) <= MAX_PIXELS;
        let is_on_its_side = has_format && reader.rewind().is_ok() && is_on_its_side(&mut reader);
        Some(Self { size: if is_on_its_side { (height, width) } else { (width, height) }, may_be_copied })
    }
}

/// Whether a picture is shown turned by 90 degrees: Exif's orientations 5 to 8.
fn is_on_its_side(reader: &mut BufReader<File>) -> bool {
    let exif = exif::Reader::new().read_from_container(reader);
    let orientation =
        exif.ok().and_then(|exif| exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0));
    orientation.is_some_and(|orientation| (5..=8).contains(&orientation))
}

/// The largest number of pixels of a picture that is copied. Decoding takes up to four bytes of memory for each.
const MAX_PIXELS: u64 = 64_000_000;
/// Pictures with more bytes than this, decoded, are copied one after another.
const LARGE: u64 = 50_000_000;
static ONE_LARGE: Mutex<()> = Mutex::new(());

/// The quality of smaller copies in JPEG, of 100.
const JPEG_QUALITY: u8 = 80;

/// A copy of a picture with this width in pixels, in the same format. The same bytes if a copy would be no smaller, or
/// cannot be made: of a moving picture, or of one that is damaged.
pub(crate) fn smaller_copy(picture: Vec<u8>, width: u32) -> Vec<u8> {
    match shrink(&picture, width) {
        Ok(Some(copy)) if copy.len() < picture.len() => copy,
        _ => picture,
    }
}

fn shrink(picture: &[u8], width: u32) -> ImageResult<Option<Vec<u8>>> {
    let (reader, mut copy) = (Cursor::new(picture), Vec::new());
    let is_drawn = match guess_format(picture)? {
        ImageFormat::Jpeg => {
            let decoder = JpegDecoder::new(reader)?;
            // A colour profile for printing does not fit to the colours that the decoder makes of it.
            decoder.original_color_type() != ExtendedColorType::Cmyk8
                && draw(decoder, width, JpegEncoder::new_with_quality(&mut copy, JPEG_QUALITY))?
        }
        ImageFormat::Png => {
            let decoder = PngDecoder::with_limits(reader, Limits::default())?;
            let encoder =
                PngEncoder::new_with_quality(&mut copy, CompressionType::Best, FilterType::Adaptive);
            !decoder.is_apng()? && draw(decoder, width, encoder)?
        }
        _ => false,
    };
    Ok(is_drawn.then_some(copy))
}

/// Draws a smaller picture, upright and in the same colours. Returns whether it could: each pixel must have 8 bits a
/// channel.
fn draw(decoder: impl ImageDecoder, width: u32, encoder: impl ImageEncoder) -> ImageResult<bool> {
    match decoder.color_type() {
        ColorType::L8 => draw_as::<Luma<u8>>(decoder, width, encoder),
        ColorType::La8 => draw_as::<LumaA<u8>>(decoder, width, encoder),
        ColorType::Rgb8 => draw_as::<Rgb<u8>>(decoder, width, encoder),
        ColorType::Rgba8 => draw_as::<Rgba<u8>>(decoder, width, encoder),
        _ => Ok(false),
    }
}

fn draw_as<P: Pixel<Subpixel = u8> + 'static>(
    mut decoder: impl ImageDecoder,
    width: u32,
    mut encoder: impl ImageEncoder,
) -> ImageResult<bool> {
    let (orientation, profile) = (decoder.orientation()?, decoder.icc_profile()?);
    let (color, (across, down), length) = (decoder.color_type(), decoder.dimensions(), decoder.total_bytes());
    if length > 4 * MAX_PIXELS {
        return Ok(false);
    }
    let _turn = (length > LARGE).then(|| ONE_LARGE.lock().unwrap_or_else(PoisonError::into_inner));
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    decoder.read_image(&mut bytes)?;
    let Some(mut picture) = ImageBuffer::<P, _>::from_raw(across, down, bytes) else { return Ok(false) };
    if color.has_alpha() {
        // What cannot be seen must not colour what can.
        scale_by_alpha(&mut picture, |channel, alpha| (channel * alpha + 127) / 255);
    }
    if let Some(profile) = profile {
        // A format that knows no profiles has had none.
        let _ = encoder.set_icc_profile(profile);
    }
    // It is turned after it is made smaller, which is less work.
    let is_on_its_side = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let in_proportion = |of: u32, to: u32| {
        let exact = (u64::from(width) * u64::from(to) + u64::from(of / 2)) / u64::from(of.max(1));
        u32::try_from(exact).unwrap_or(u32::MAX).max(1)
    };
    let (width, height) = if is_on_its_side {
        (in_proportion(down, across), width)
    } else {
        (width, in_proportion(across, down))
    };
    let mut picture = imageops::resize(&picture, width, height, Lanczos3);
    if color.has_alpha() {
        scale_by_alpha(&mut picture, |channel, alpha| (channel * 255 + alpha / 2) / alpha.max(1));
    }
    let picture = match orientation {
        Orientation::NoTransforms => picture,
        Orientation::Rotate90 => imageops::rotate90(&picture),
        Orientation::Rotate180 => imageops::rotate180(&picture),
        Orientation::Rotate270 => imageops::rotate270(&picture),
        Orientation::FlipHorizontal => imageops::flip_horizontal(&picture),
        Orientation::FlipVertical => imageops::flip_vertical(&picture),
        Orientation::Rotate90FlipH => imageops::flip_horizontal(&imageops::rotate90(&picture)),
        Orientation::Rotate270FlipH => imageops::flip_horizontal(&imageops::rotate270(&picture)),
    };
    encoder.write_image(picture.as_raw(), picture.width(), picture.height(), color.into())?;
    Ok(true)
}

/// Changes the colours of all pixels by their opacity, which is their last channel.
fn scale_by_alpha<P: Pixel<Subpixel = u8>>(
    picture: &mut ImageBuffer<P, Vec<u8>>,
    scale: impl Fn(u32, u32) -> u32,
) {
    for pixel in picture.pixels_mut() {
        let Some((alpha, colors)) = pixel.channels_mut().split_last_mut() else { continue };
        for color in colors {
            *color = u8::try_from(scale(u32::from(*color), u32::from(*alpha))).unwrap_or(u8::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture whose left half is bright, in this format.
    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        // Some noise, so that fewer pixels are fewer bytes.
        let pixel = |x: u32, y: u32| {
            let noise = u8::try_from((x * 7919 + y * 104_729 + x * y * 31) % 40).unwrap();
            image::Rgb([if x < width / 2 { 200 + noise } else { noise }; 3])
        };
        let mut bytes = Vec::new();
        let picture = image::DynamicImage::from(image::RgbImage::from_fn(width, height, pixel));
        picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// Adds Exif with this orientation to a picture in JPEG.
    fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let exif = [
            &b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..],
            &[orientation, 0, 0, 0, 0, 0, 0, 0],
        ]
        .concat();
        [&jpeg[..2], &exif, &jpeg[2..]].concat()
    }

    fn read(bytes: &[u8]) -> Option<Pixels> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("picture");
        std::fs::write(&file, bytes).unwrap();
        Pixels::read(&file)
    }

    #[test]
    fn a_copy_has_the_width_the_proportions_and_the_format() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png] {
            let original = picture(format, 300, 200);
            assert_eq!(read(&original), Some(Pixels { size: (300, 200), may_be_copied: true }));
            let copy = smaller_copy(original.clone(), 60);
            assert_eq!(read(&copy), Some(Pixels { size: (60, 40), may_be_copied: true }), "{format:?}");
            assert!(copy.len() < original.len() && guess_format(&copy).unwrap() == format);
        }
    }

    #[test]
    fn a_picture_of_a_turned_camera_is_upright() {
        let original = turned(&picture(ImageFormat::Jpeg, 300, 200), 6);
        assert_eq!(read(&original).unwrap().size, (200, 300));
        let copy = smaller_copy(original, 60);
        assert_eq!(read(&copy).unwrap().size, (60, 90));
        let copy = image::load_from_memory(&copy).unwrap().to_luma8();
        assert!(copy.get_pixel(30, 5).0[0] > 150 && copy.get_pixel(30, 85).0[0] < 100);
    }

    #[test]
    fn an_edge_keeps_its_colour_where_invisible_pixels_have_another_one() {
        let pixel = |x, _| image::Rgba(if x < 105 { [200, 40, 90, 255] } else { [0, 0, 0, 0] });
        let mut bytes = Vec::new();
        let picture = image::DynamicImage::from(image::RgbaImage::from_fn(201, 2000, pixel));
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        let copy = image::load_from_memory(&shrink(&bytes, 20).unwrap().unwrap()).unwrap().to_rgba8();
        let edge = copy.pixels().find(|pixel| (60..200).contains(&pixel.0[3])).unwrap().0;
        for (channel, expected) in edge.into_iter().zip([200, 40, 90]) {
            assert!(channel.abs_diff(expected) < 5, "{edge:?}");
        }
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_is_not_decoded() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\x10\0\0\0\x10\0\0\x08\x06\0\0\0".to_vec();
        png.extend(0xe6ab_4ff6_u32.to_be_bytes());
        png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
        assert_eq!(read(&png), Some(Pixels { size: (1 << 20, 1 << 20), may_be_copied: false }));
        assert_eq!(smaller_copy(png.clone(), 10), png);
    }

    #[test]
    fn what_cannot_be_made_smaller_stays_as_it_is() {
        let original = picture(ImageFormat::Png, 30, 20);
        for bytes in [original[..60].to_vec(), b"GIF89a".to_vec(), b"no picture".to_vec(), Vec::new()] {
            assert_eq!(smaller_copy(bytes.clone(), 10), bytes);
        }
        // Three times as many pixels are more bytes.
        assert_eq!(smaller_copy(original.clone(), 90), original);
    }
}
