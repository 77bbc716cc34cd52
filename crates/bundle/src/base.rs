//! The base path of a site: its folder on the host.

use crate::address::Address;

/// A site's folder on its host: a path that begins and ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// Keeps only the folder of a URL's path: everything up to and including the last slash.
    pub fn new(path: &str) -> Self {
        let folder = path.rfind('/').map_or("", |end| &path[..=end]);
        // A browser would read a path that begins with two slashes as another host.
        Self(format!("/{}", folder.trim_start_matches('/')))
    }

    /// The path with both slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the `href` of an address of the site.
    pub fn href(&self, address: &Address) -> String {
        self.path_href(&address.to_string())
    }

    /// Returns the `href` of a path relative to the site's root, with a leading slash.
    pub fn path_href(&self, path: &str) -> String {
        format!("{}{}", self.0, path.trim_start_matches('/'))
    }

    /// Turns a path on the host into one from the site's root, beginning with a slash. Returns `None` for a
    /// path outside the site.
    pub fn strip<'a>(&self, path: &'a str) -> Option<&'a str> {
        if path == self.0.trim_end_matches('/') {
            return Some("/");
        }
        path.strip_prefix(self.0.as_str()).map(|rest| &path[path.len() - rest.len() - 1..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list_id::ListKind;

    #[test]
    fn no_base_points_to_another_host() {
        assert_eq!(Base::new("//other.example/").href(&Address::Home), "/other.example/");
    }

    #[test]
    fn a_site_in_a_sub_folder_knows_its_own_pages() {
        let base = Base::new("/finews/");
        assert_eq!(base.href(&Address::list(ListKind::Category, "emnews")), "/finews/emnews/");
        assert_eq!(base.strip("/finews/emnews/"), Some("/emnews/"));
        assert_eq!(base.strip("/finews"), Some("/"));
        assert_eq!(base.strip("/elsewhere/"), None);
        assert_eq!(Base::new("/").strip("/emnews/"), Some("/emnews/"));
    }
}
