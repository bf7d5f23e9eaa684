//! One page of a list of what is in a pool.

use super::compose::{elements, list};
use super::failure::{Failure, Kind};

/// The items of a page, each with its name, and the token of the next.
#[derive(Debug)]
pub(super) struct Page {
    pub items: Vec<(String, String)>,
    pub next: Option<String>,
}

impl Page {
    /// The items of a list in an answer, with the names that the SDK read of them.
    pub(super) fn of<'a>(
        body: &str,
        list: &str,
        names: impl Iterator<Item = Option<&'a str>>,
        next: Option<&str>,
    ) -> Result<Page, Failure> {
        let items = elements(body, list)?;
        let names: Option<Vec<String>> = names.map(|name| name.map(str::to_owned)).collect();
        let names = names.filter(|names| names.len() == items.len());
        let names =
            names.ok_or_else(|| Failure::new(Kind::Garbled, "the list has an item without a name"))?;
        let next = next.filter(|next| !next.is_empty()).map(str::to_owned);
        Ok(Page { items: names.into_iter().zip(items).collect(), next })
    }
}

/// The items of a list that holds all that is to be known of them.
pub(super) fn listed(items: Vec<(String, String)>) -> String {
    list(&items.into_iter().map(|(_, item)| item).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_a_name() {
        let page =
            |body: &str, names: &[Option<&str>]| Page::of(body, "Groups", names.iter().copied(), Some(""));
        let both =
            page(r#"{"Groups": [{"GroupName": "a"}, {"GroupName": "b"}]}"#, &[Some("a"), Some("b")]).unwrap();
        assert_eq!(both.next, None, "an empty token is none");
        assert_eq!(listed(both.items), r#"[{"GroupName": "a"},{"GroupName": "b"}]"#);
        // The SDK leaves out what is null.
        let wrong = [(r#"{"Groups": [{}]}"#, vec![None]), (r#"{"Groups": [null]}"#, vec![]), ("{}", vec![])];
        for (body, names) in wrong {
            assert!(page(body, &names).is_err(), "{body}");
        }
    }
}
