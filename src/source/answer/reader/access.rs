//! Hands what a reader reads to visitors.

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Doubt, NAME, RAW, Reader};

impl<'de> Deserializer<'de> for &mut Reader<'de, '_> {
    type Error = Doubt;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Doubt> {
        let (depth, list) = (self.depth, self.list);
        let value = match self.peek() {
            b'"' => return self.visit_string(visitor),
            b'{' => {
                self.open()?;
                self.list = None;
                visitor.visit_map(Inside { reader: &mut *self, first: true })?
            }
            b'[' => {
                self.open()?;
                self.list = Some((self.lists, 0));
                self.lists += 1;
                visitor.visit_seq(Inside { reader: &mut *self, first: true })?
            }
            _ => return self.visit_word(visitor),
        };
        self.list = list;
        // A visitor may stop before the end.
        if self.depth == depth { Ok(value) } else { Err(Doubt) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Doubt> {
        if self.peek() == b'n' {
            return self.visit_word(visitor);
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Doubt> {
        match name {
            RAW => visitor.visit_borrowed_str(self.raw()?),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    /// A member name, of which the first of `names` is tried before it is read.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        asked: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Doubt> {
        match names.first() {
            Some(name) if asked == NAME && self.takes_name(name) => visitor.visit_unit(),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Doubt> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Doubt> {
        Err(Doubt)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier
    }
}

/// The members of an object, or the elements of an array.
struct Inside<'a, 'de, 'm> {
    reader: &'a mut Reader<'de, 'm>,
    first: bool,
}

impl Inside<'_, '_, '_> {
    /// Whether there is another one. If not, the end is passed.
    fn has_next(&mut self, end: u8) -> Result<bool, Doubt> {
        let next = self.reader.peek();
        if next == end {
            self.reader.close();
            return Ok(false);
        }
        if std::mem::replace(&mut self.first, false) {
            return Ok(true);
        }
        self.reader.at += 1;
        if next == b',' { Ok(true) } else { Err(Doubt) }
    }
}

impl<'de> MapAccess<'de> for Inside<'_, 'de, '_> {
    type Error = Doubt;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Doubt> {
        if !self.has_next(b'}')? {
            return Ok(None);
        }
        if self.reader.peek() != b'"' {
            return Err(Doubt);
        }
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Doubt> {
        self.reader.expect(b':')?;
        seed.deserialize(&mut *self.reader)
    }
}

impl<'de> SeqAccess<'de> for Inside<'_, 'de, '_> {
    type Error = Doubt;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Doubt> {
        match self.has_next(b']')? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }
}
