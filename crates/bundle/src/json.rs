//! JSON as the format's types are read from it: by the browser's own parser in the browser, by `serde_json` elsewhere.
//!
//! A reader derived by serde is code for each type and each way to meet it, and with serde's parser it was a sixth of the viewer's
//! program; here a type is read field by field from values that are parsed already.

pub use value::{Document, Json};

/// What of a file is not there or not what it should be: the name of the field.
pub type Wrong = &'static str;

/// A type that can be read from JSON.
pub trait FromJson: Sized {
    /// The value that this JSON is.
    ///
    /// # Errors
    /// Where it is none of the type.
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong>;
}

impl Json<'_> {
    /// The value of a field of this object.
    ///
    /// # Errors
    /// Where there is no such field, or its value is of another type.
    pub fn field<T: FromJson>(&self, name: Wrong) -> Result<T, Wrong> {
        T::from_json(&self.get(name).ok_or(name)?).map_err(|_| name)
    }

    /// The value of a field of this object, or the given one where it has no such field.
    ///
    /// # Errors
    /// Where its value is of another type.
    pub fn field_or<T: FromJson>(&self, name: Wrong, mut default: T) -> Result<T, Wrong> {
        self.read(&mut [(name, &mut default, false)])?;
        Ok(default)
    }

    /// Hands over the items of this array, one by one.
    ///
    /// # Errors
    /// Where it is no array, or an item is not taken.
    pub fn each(&self, take: &mut dyn FnMut(&Json<'_>) -> Result<(), Wrong>) -> Result<(), Wrong> {
        self.items().ok_or("array")?.iter().try_for_each(take)
    }

    /// Reads fields of this object into their places; those that must be there are marked.
    ///
    /// # Errors
    /// Where a field that must be there is not, or one is of another type.
    pub fn read(&self, fields: &mut [(Wrong, &mut dyn Place, bool)]) -> Result<(), Wrong> {
        for (name, place, must) in fields {
            match self.get(name) {
                Some(value) => place.fill(&value).map_err(|_| *name)?,
                None if *must => return Err(name),
                None => {}
            }
        }
        Ok(())
    }
}

/// A place that a value is read into. Behind `dyn`, so that a browser's program has the way there once and not for each type.
pub trait Place {
    /// Puts the value there.
    ///
    /// # Errors
    /// Where it is of another type.
    fn fill(&mut self, json: &Json<'_>) -> Result<(), Wrong>;
}

impl<T: FromJson> Place for T {
    fn fill(&mut self, json: &Json<'_>) -> Result<(), Wrong> {
        *self = T::from_json(json)?;
        Ok(())
    }
}

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        json.text().ok_or("text")
    }
}

impl FromJson for usize {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        u32::from_json(json).map(|number| number as Self)
    }
}

impl FromJson for u32 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was looked at")]
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let number = json.number().filter(|number| number.fract() == 0.0 && (0.0..=f64::from(Self::MAX)).contains(number));
        number.map(|number| number as Self).ok_or("number")
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        let mut values = Self::new();
        json.each(&mut |item| {
            values.push(T::from_json(item)?);
            Ok(())
        })?;
        Ok(values)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        T::from_json(json).map(Some)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Result<Self, Wrong> {
        match json.items().as_deref() {
            Some([a, b]) => Ok((A::from_json(a)?, B::from_json(b)?)),
            _ => Err("pair"),
        }
    }
}

/// Reads an object: fields that must be there; then, behind a semicolon, fields that are empty where they are not.
///
/// One value is filled in: were fields read one by one, each would bring code that drops all before it, should it fail.
macro_rules! object {
    ($type:ident: $($field:ident),*; $($optional:ident),*) => {
        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json<'_>) -> Result<Self, $crate::json::Wrong> {
                let mut value = Self::default();
                json.read(&mut [
                    $((stringify!($field), &mut value.$field, true),)*
                    $((stringify!($optional), &mut value.$optional, false),)*
                ])?;
                Ok(value)
            }
        }
    };
}
pub(crate) use object;

/// Reads a type from its text.
macro_rules! text {
    ($type:ty) => {
        impl $crate::json::FromJson for $type {
            fn from_json(json: &$crate::json::Json<'_>) -> Result<Self, $crate::json::Wrong> {
                json.text().and_then(|text| text.parse().ok()).ok_or(stringify!($type))
            }
        }
    };
}
pub(crate) use text;

#[cfg(not(target_arch = "wasm32"))]
mod value {
    use serde_json::Value;

    /// A parsed text.
    #[derive(Debug)]
    pub struct Document(Value);

    /// A value of a document.
    #[derive(Debug, Clone, Copy)]
    pub struct Json<'a>(&'a Value);

    impl Document {
        /// Parses a text; none where it is not JSON.
        pub fn parse(bytes: &[u8]) -> Option<Self> {
            serde_json::from_slice(bytes).ok().map(Self)
        }

        /// The value of the whole text.
        pub fn root(&self) -> Json<'_> {
            Json(&self.0)
        }
    }

    impl<'a> Json<'a> {
        /// A field of this object, if it is one and has it; null is as good as none.
        pub fn get(&self, name: &str) -> Option<Self> {
            self.0.get(name).filter(|value| !value.is_null()).map(Self)
        }

        /// This string.
        pub fn text(&self) -> Option<String> {
            self.0.as_str().map(str::to_owned)
        }

        /// This number.
        pub fn number(&self) -> Option<f64> {
            self.0.as_f64()
        }

        /// The items of this array.
        pub fn items(&self) -> Option<Vec<Self>> {
            Some(self.0.as_array()?.iter().map(|item: &'a Value| Self(item)).collect())
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod value {
    use std::marker::PhantomData;

    use js_sys::{Array, JSON, Reflect};
    use wasm_bindgen::JsValue;

    /// A parsed text.
    #[derive(Debug)]
    pub struct Document(JsValue);

    /// A value of a document.
    #[derive(Debug, Clone)]
    pub struct Json<'a>(JsValue, PhantomData<&'a Document>);

    impl Document {
        /// Parses a text; none where it is not JSON.
        pub fn parse(bytes: &[u8]) -> Option<Self> {
            JSON::parse(std::str::from_utf8(bytes).ok()?).ok().map(Self)
        }

        /// The value of the whole text.
        pub fn root(&self) -> Json<'_> {
            Json(self.0.clone(), PhantomData)
        }
    }

    impl From<JsValue> for Document {
        /// A text that the browser has parsed.
        fn from(parsed: JsValue) -> Self {
            Self(parsed)
        }
    }

    impl Json<'_> {
        /// A field of this object, if it is one and has it; null is as good as none. No field of the format bears a name that every object has.
        pub fn get(&self, name: &str) -> Option<Self> {
            let value = Reflect::get(&self.0, &JsValue::from_str(name)).ok()?;
            (!value.is_undefined() && !value.is_null()).then(|| Self(value, PhantomData))
        }

        /// This string.
        pub fn text(&self) -> Option<String> {
            self.0.as_string()
        }

        /// This number.
        pub fn number(&self) -> Option<f64> {
            self.0.as_f64()
        }

        /// The items of this array.
        pub fn items(&self) -> Option<Vec<Self>> {
            Array::is_array(&self.0).then(|| Array::from(&self.0).iter().map(|item| Self(item, PhantomData)).collect())
        }
    }
}
