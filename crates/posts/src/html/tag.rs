//! Finds the end of a tag, and the point at which it has too many attributes.

/// The largest number of attributes of a tag; further ones are ignored.
pub(super) const MAX_ATTRIBUTES: usize = 256;

/// Scans the tag at the start of a text. Returns its length, if it ends, and the position of the first
/// surplus attribute, if there is one. Follows the standard's states for attributes, which begin at
/// <https://html.spec.whatwg.org/#before-attribute-name-state>.
pub(crate) fn scan_tag(text: &str) -> (Option<usize>, Option<usize>) {
    enum State {
        TagName,
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        Unquoted,
    }
    let (mut state, mut attributes, mut cut) = (State::TagName, 0, None);
    for (at, byte) in text.bytes().enumerate().skip(1) {
        let is_space = byte.is_ascii_whitespace();
        let mut start_attribute = || {
            attributes += 1;
            if attributes > MAX_ATTRIBUTES && cut.is_none() {
                cut = Some(at);
            }
            State::Name
        };
        state = match (state, byte) {
            (State::Quoted(quote), _) => {
                if byte == quote {
                    State::BeforeName
                } else {
                    State::Quoted(quote)
                }
            }
            (_, b'>') => return (Some(at + 1), cut),
            (State::TagName, b'/') if at == 1 => State::TagName,
            (State::TagName, _) if !is_space && byte != b'/' => State::TagName,
            (State::BeforeValue, b'"' | b'\'') => State::Quoted(byte),
            (State::BeforeValue, _) if is_space => State::BeforeValue,
            (State::BeforeValue | State::Unquoted, _) if !is_space => State::Unquoted,
            (State::Name | State::AfterName, b'=') => State::BeforeValue,
            (State::Name | State::AfterName, _) if is_space => State::AfterName,
            (State::TagName, _) | (State::Name | State::AfterName | State::BeforeName, b'/') => {
                State::BeforeName
            }
            (State::Name, _) => State::Name,
            (State::BeforeName | State::Unquoted, _) if is_space => State::BeforeName,
            _ => start_attribute(),
        };
    }
    (None, cut)
}
