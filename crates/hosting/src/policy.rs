//! Content security policies as headers, derived from the policy in the pages.

/// A directive that a meta element cannot carry: <https://www.w3.org/TR/CSP3/#meta-element>
const FRAME_ANCESTORS: &str = "frame-ancestors 'self'";

/// The header for the site's own pages. It leaves out the rules for styles, so that the header stays the same
/// when the pages' inline style sheet changes: `style-src`, which contains the style sheet's hash, and
/// `default-src`, which would apply to styles instead.
pub fn page_policy(policy: &str) -> String {
    format!("{}; {FRAME_ANCESTORS}", without_styles(policy))
}

/// [`page_policy`] including the rules for styles, for a host that gets its headers with each deploy.
pub fn page_policy_per_deploy(policy: &str) -> String {
    format!("{policy}; {FRAME_ANCESTORS}")
}

/// The header for pages that any site may frame. `url` is the site's address, empty if unknown.
pub fn frame_policy(policy: &str, url: &str) -> String {
    sandboxed_policy(&without_styles(policy), url)
}

/// Adapts a policy to a sandboxed page, which has no origin: Safari matches nothing against `'self'` there,
/// so the policy names the site's origin too.
pub fn sandboxed_policy(policy: &str, url: &str) -> String {
    if url.is_empty() {
        return policy.to_owned();
    }
    let origin: Vec<&str> = url.splitn(4, '/').take(3).collect();
    policy.replace("'self'", &format!("'self' {}", origin.join("/")))
}

fn without_styles(policy: &str) -> String {
    let affects_styles = |rule: &&str| rule.starts_with("default-src ") || rule.starts_with("style-src ");
    let rules: Vec<&str> = policy.split("; ").filter(|rule| !affects_styles(rule)).collect();
    rules.join("; ")
}
