//! The folder of a host in which a site stands.

use crate::address::Address;

/// The folder of a host in which the site stands: a path that begins and ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// The base in the path of an address, whatever follows its last slash being dropped.
    pub fn new(path: &str) -> Self {
        let folder = path.rfind('/').map_or("", |end| &path[..=end]);
        // Two slashes at the beginning would lead to another host.
        Self(format!("/{}", folder.trim_start_matches('/')))
    }

    /// The path, from its first slash to its last.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What to write into a link to a place on the site.
    pub fn href(&self, address: &Address) -> String {
        self.own(&address.to_string())
    }

    /// What to write into a link to a path from the site's root, beginning with a slash.
    pub fn own(&self, path: &str) -> String {
        format!("{}{}", self.0, path.trim_start_matches('/'))
    }

    /// The path from the site's root, beginning with a slash, of a path on the host; none outside the site.
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
    fn no_base_leads_to_another_host() {
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
