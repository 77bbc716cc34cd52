//! The operations that Markdown is parsed into, and their text form.

/// A step in building the elements of a body.
///
/// In the browser, operations pass from one WebAssembly program to another as strings: a sign, followed by
/// the operation's text. ⏎ is a newline; addresses and titles contain none.
///
/// | text form | operation |
/// | --- | --- |
/// | `<NAME` | [`MarkdownOp::Open`] |
/// | `+NAME⏎VALUE` | [`MarkdownOp::Attribute`] |
/// | `@ADDRESS⏎TITLE` | [`MarkdownOp::OpenLink`] |
/// | `>` | [`MarkdownOp::Close`] |
/// | `=TEXT` | [`MarkdownOp::Text`] |
/// | `` `TEXT `` | [`MarkdownOp::Code`] |
/// | `#CLASS⏎TEXT` | [`MarkdownOp::CodeBlock`] |
/// | `/` | [`MarkdownOp::LineBreak`] |
/// | `-` | [`MarkdownOp::Rule`] |
/// | `!ADDRESS⏎TITLE⏎ALT` | [`MarkdownOp::Image`] |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkdownOp {
    /// Opens an element: its name in HTML, which the parser chooses and which is never a word of the text.
    Open(String),
    /// Gives the element that has just been opened an attribute. There are at most three.
    Attribute {
        /// The attribute's name in HTML, which the parser chooses.
        name: String,
        /// The value. That of `src` is an address as written.
        value: String,
    },
    /// Opens a link.
    OpenLink {
        /// The link's destination as written.
        address: String,
        /// The title; empty if there is none.
        title: String,
    },
    /// Closes the innermost open element or link.
    Close,
    /// Adds text.
    Text(String),
    /// Adds code within a line.
    Code(String),
    /// Adds a block of code.
    CodeBlock {
        /// `language-` and the language; empty if it is unknown. `language-math` is a formula in TeX.
        class: String,
        /// The code.
        text: String,
    },
    /// Breaks the line.
    LineBreak,
    /// Adds a horizontal rule.
    Rule,
    /// Adds a picture.
    Image {
        /// The picture's address as written.
        address: String,
        /// The title; empty if there is none.
        title: String,
        /// The alternative text; may be empty.
        alt: String,
    },
}

impl MarkdownOp {
    /// Encodes the operation as text.
    pub fn encode(&self) -> String {
        match self {
            Self::Open(name) => ["<", name].concat(),
            Self::Attribute { name, value } => ["+", name, "\n", value].concat(),
            Self::OpenLink { address, title } => ["@", address, "\n", title].concat(),
            Self::Close => ">".to_owned(),
            Self::Text(text) => ["=", text].concat(),
            Self::Code(text) => ["`", text].concat(),
            Self::CodeBlock { class, text } => ["#", class, "\n", text].concat(),
            Self::LineBreak => "/".to_owned(),
            Self::Rule => "-".to_owned(),
            Self::Image { address, title, alt } => ["!", address, "\n", title, "\n", alt].concat(),
        }
    }

    /// Decodes an operation. Returns `None` if the text has no known sign, or lacks a newline that its sign
    /// requires.
    pub fn decode(encoded: &str) -> Option<Self> {
        let (sign, text) = encoded.split_at_checked(1)?;
        Some(match sign {
            "<" => Self::Open(text.to_owned()),
            "+" => {
                let (name, value) = text.split_once('\n')?;
                Self::Attribute { name: name.to_owned(), value: value.to_owned() }
            }
            "@" => {
                let (address, title) = text.split_once('\n')?;
                Self::OpenLink { address: address.to_owned(), title: title.to_owned() }
            }
            ">" => Self::Close,
            "=" => Self::Text(text.to_owned()),
            "`" => Self::Code(text.to_owned()),
            "#" => {
                let (class, text) = text.split_once('\n')?;
                Self::CodeBlock { class: class.to_owned(), text: text.to_owned() }
            }
            "/" => Self::LineBreak,
            "-" => Self::Rule,
            "!" => {
                let (address, rest) = text.split_once('\n')?;
                let (title, alt) = rest.split_once('\n')?;
                Self::Image { address: address.to_owned(), title: title.to_owned(), alt: alt.to_owned() }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_decoded_as_it_was_encoded() {
        for text in [
            "<p",
            "+start\n3",
            "+reversed\n",
            "@/a\n",
            "@/a\nb c",
            ">",
            "=a\nb",
            "=",
            "`<b>",
            "#language-rust\nfn\n",
            "<figure",
            "/",
            "-",
            "!x\n\n",
            "!x\ny\nz\nz",
        ] {
            assert_eq!(MarkdownOp::decode(text).map(|op| op.encode()).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_text_is_not_an_operation() {
        for text in ["", "x", "@/a", "!x\ny", "#x", "。"] {
            assert_eq!(MarkdownOp::decode(text), None, "{text}");
        }
    }
}
