//! Addresses of pictures. A fragment may tell the size at which a picture is shown, and which smaller copies of its file
//! the site has: `/a.jpg#800x600`, or with copies `/a.jpg#800x600,480,960,1600`.

/// What the fragment of a picture's address tells. It is text, as in HTML's attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize<'a> {
    /// The width at which it is shown, in CSS pixels, unless the page is narrower.
    pub width: &'a str,
    /// The height at that width.
    pub height: &'a str,
    /// The widths of the smaller copies in pixels, smallest first, and at last that of the file itself, separated by
    /// commas; empty if there are no copies.
    widths: &'a str,
}

impl<'a> PictureSize<'a> {
    /// Separates an address from what its fragment tells.
    pub fn split(address: &'a str) -> (&'a str, Option<Self>) {
        let size = |fragment: &'a str| {
            let (size, widths) = fragment.split_once(',').unwrap_or((fragment, ""));
            let (width, height) = size.split_once('x')?;
            let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (is_number(width) && is_number(height)).then_some(Self { width, height, widths })
        };
        let found = address.split_once('#').and_then(|(path, fragment)| Some((path, size(fragment)?)));
        found.map_or((address, None), |(path, size)| (path, Some(size)))
    }

    /// The files of the picture for HTML's `srcset`; `path` is that of the file itself. `None` if there are no copies.
    pub fn srcset(&self, path: &str) -> Option<String> {
        let (copies, own) = self.widths.rsplit_once(',')?;
        let mut files = String::new();
        for width in copies.split(',') {
            files = files + &picture_copy(path, width) + " " + width + "w, ";
        }
        Some(files + path + " " + own + "w")
    }
}

/// The fragment, with its `#`, of a picture with this size and copies of these widths, of a file with the last of them.
pub fn picture_fragment((width, height): (u32, u32), widths: &[u32]) -> String {
    let widths: String = widths.iter().map(|width| format!(",{width}")).collect();
    format!("#{width}x{height}{widths}")
}

/// The path of the copy of a picture with this width in pixels: `a.jpg` has the copy `a.480w.jpg`.
pub fn picture_copy(path: &str, width: &str) -> String {
    let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
    [stem, ".", width, "w.", extension].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_size_and_the_copies_that_its_address_tells() {
        for (address, path, size, srcset) in [
            ("/a.jpg", "/a.jpg", None, None),
            ("/a.jpg#top", "/a.jpg#top", None, None),
            ("/a.jpg#max", "/a.jpg#max", None, None),
            ("/a.jpg#8x6", "/a.jpg", Some(("8", "6")), None),
            (
                "/b/a.jpg#800x600,480,960,1600",
                "/b/a.jpg",
                Some(("800", "600")),
                Some("/b/a.480w.jpg 480w, /b/a.960w.jpg 960w, /b/a.jpg 1600w"),
            ),
        ] {
            let (found_path, found) = PictureSize::split(address);
            assert_eq!(found_path, path);
            assert_eq!(found.map(|found| (found.width, found.height)), size);
            assert_eq!(found.and_then(|found| found.srcset(path)).as_deref(), srcset);
        }
        assert_eq!(picture_fragment((800, 600), &[480, 960, 1600]), "#800x600,480,960,1600");
        assert_eq!(picture_fragment((8, 6), &[]), "#8x6");
    }
}
