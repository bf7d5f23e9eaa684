//! `format` and `formatlist`.

use crate::source::hcl::budget::fits;
use crate::source::hcl::convert::in_order;
use crate::source::hcl::function::{encode, wrong};
use crate::source::hcl::kind::Type;
use crate::source::hcl::operate::{boolean, number, text};
use crate::source::hcl::scope::Program;
use crate::source::hcl::unknown::Stop;
use crate::source::hcl::value::{Items, Value, What};

pub(super) fn call(_: &Program<'_>, name: &str, values: &[Value]) -> Option<Result<Value, Stop>> {
    match (name, values) {
        ("format", [form, arguments @ ..]) => Some(format(form, arguments)),
        ("formatlist", [form, arguments @ ..]) => Some(formatlist(form, arguments)),
        ("format" | "formatlist", []) => Some(wrong(name)),
        _ => None,
    }
}

fn formatlist(form: &Value, arguments: &[Value]) -> Result<Value, Stop> {
    let lists: Vec<Option<&[Value]>> = arguments
        .iter()
        .map(|one| match one.items() {
            Some(_) => in_order(one).map(Some),
            None => Ok(None),
        })
        .collect::<Result<_, _>>()?;
    let mut lengths = lists.iter().flatten().map(|list| list.len());
    let Some(length) = lengths.next() else {
        return Stop::lost("formatlist without a list is not evaluated");
    };
    if lengths.any(|other| other != length) {
        return Stop::caught("the lists of formatlist have several lengths");
    }
    let mut made = Vec::new();
    for index in 0..length {
        let at = |(list, argument): (&Option<&[Value]>, &Value)| {
            list.and_then(|list| list.get(index)).unwrap_or(argument).clone()
        };
        let row: Vec<Value> = lists.iter().zip(arguments).map(at).collect();
        made.push(format(form, &row)?);
    }
    Ok(Value::of(What::List(Items::new(Type::Text, made))))
}

/// A directive such as `%-5s`.
#[derive(Default)]
struct Directive {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    places: Option<usize>,
}

fn format(form: &Value, arguments: &[Value]) -> Result<Value, Stop> {
    let form = text(form)?;
    let mut made = String::new();
    let mut rest = &*form;
    let mut arguments = arguments.iter();
    while let Some((before, after)) = rest.split_once('%') {
        made.push_str(before);
        let (directive, verb, tail) = directive(after)?;
        rest = tail;
        if verb == '%' && directive.is_bare() {
            made.push('%');
            continue;
        }
        let Some(argument) = arguments.next() else { return Stop::caught("format has too few arguments") };
        let shown = shown(verb, &directive, argument)?;
        made.push_str(&directive.padded(&shown)?);
        fits(made.len())?;
    }
    made.push_str(rest);
    match arguments.next() {
        Some(_) => Stop::caught("format has too many arguments"),
        None => Ok(Value::text(made)),
    }
}

fn directive(text: &str) -> Result<(Directive, char, &str), Stop> {
    let mut found = Directive::default();
    let mut places: Option<String> = None;
    let mut width = String::new();
    for (at, one) in text.char_indices() {
        match (one, &mut places) {
            ('-', None) if width.is_empty() => found.left = true,
            ('+', None) if width.is_empty() => found.plus = true,
            ('0', None) if width.is_empty() => found.zeros = true,
            ('.', None) => places = Some(String::new()),
            ('0'..='9', Some(places)) => places.push(one),
            ('0'..='9', None) => width.push(one),
            ('a'..='z' | 'A'..='Z' | '%', _) => {
                found.width = width.parse().unwrap_or_default();
                found.places = places.map(|places| places.parse().unwrap_or_default());
                return Ok((found, one, &text[at + one.len_utf8()..]));
            }
            (_, _) => return Stop::lost("a directive of format is not evaluated"),
        }
    }
    Stop::caught("format ends in a directive")
}

fn shown(verb: char, directive: &Directive, argument: &Value) -> Result<String, Stop> {
    if argument.is_null() {
        return Stop::lost("format of null is not evaluated");
    }
    let sign = |shown: String| {
        if directive.plus && !shown.starts_with('-') { format!("+{shown}") } else { shown }
    };
    Ok(match verb {
        's' if directive.places.is_none() => text(argument)?.to_string(),
        'q' => encode::quoted(&text(argument)?),
        'v' => match &argument.what {
            What::Text(_) | What::Bool(_) | What::Number(_) => text(argument)?.to_string(),
            _ => encode::json(argument)?,
        },
        't' if directive.is_bare() => boolean(argument)?.to_string(),
        'd' if directive.places.is_none() => match number(argument)?.as_integer() {
            Some(whole) => sign(whole.to_string()),
            None => return Stop::lost("format of a fraction as a whole number is not evaluated"),
        },
        'f' => {
            let places = u32::try_from(directive.places.unwrap_or(6)).unwrap_or(u32::MAX);
            match number(argument)?.rounded(places) {
                Some(shown) => sign(shown),
                None => return Stop::lost("a number is not exact"),
            }
        }
        'x' | 'X' | 'o' | 'b' => match number(argument)?.as_integer() {
            Some(whole) if whole >= 0 => match verb {
                'x' => format!("{whole:x}"),
                'X' => format!("{whole:X}"),
                'o' => format!("{whole:o}"),
                _ => format!("{whole:b}"),
            },
            _ => return Stop::lost("format of this number is not evaluated"),
        },
        _ => return Stop::lost("a directive of format is not evaluated"),
    })
}

impl Directive {
    fn is_bare(&self) -> bool {
        let Directive { left, zeros, plus, width, places } = self;
        !(*left || *zeros || *plus) && *width == 0 && places.is_none()
    }

    fn padded(&self, shown: &str) -> Result<String, Stop> {
        let missing = self.width.saturating_sub(shown.chars().count());
        fits(missing)?;
        Ok(match () {
            () if self.left && self.zeros => return Stop::lost("a directive of format is not evaluated"),
            () if self.left => format!("{shown}{}", " ".repeat(missing)),
            () if self.zeros => {
                let (sign, digits) = shown.split_at(usize::from(shown.starts_with(['-', '+'])));
                format!("{sign}{}{digits}", "0".repeat(missing))
            }
            () => format!("{}{shown}", " ".repeat(missing)),
        })
    }
}
