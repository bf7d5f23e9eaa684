//! A page of a list of elements of a pool: clients, providers, resource servers or groups.

use super::splice::list;
use crate::source::aws::client::{CallFailure, FailureKind, elements};

/// The items of a page with their names, and the token of the next page.
#[derive(Debug)]
pub(in crate::source::aws) struct ItemPage {
    pub items: Vec<(String, String)>,
    pub next: Option<String>,
}

impl ItemPage {
    /// Pairs the items of a list in an answer with the names that the SDK read.
    pub(in crate::source::aws) fn of<'a>(
        body: &str,
        list: &str,
        names: impl Iterator<Item = Option<&'a str>>,
        next: Option<&str>,
    ) -> Result<ItemPage, CallFailure> {
        let items = elements(body, list)?;
        let names: Option<Vec<String>> = names.map(|name| name.map(str::to_owned)).collect();
        let names = names.filter(|names| names.len() == items.len());
        let names = names
            .ok_or_else(|| CallFailure::new(FailureKind::Garbled, "the list has an item without a name"))?;
        let next = next.filter(|next| !next.is_empty()).map(str::to_owned);
        Ok(ItemPage { items: names.into_iter().zip(items).collect(), next })
    }
}

/// The items of a list as JSON, for lists whose items are complete.
pub(in crate::source::aws) fn listed(items: Vec<(String, String)>) -> String {
    list(&items.into_iter().map(|(_, item)| item).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_a_name() {
        let page = |body: &str, names: &[Option<&str>]| {
            ItemPage::of(body, "Groups", names.iter().copied(), Some(""))
        };
        let both =
            page(r#"{"Groups": [{"GroupName": "a"}, {"GroupName": "b"}]}"#, &[Some("a"), Some("b")]).unwrap();
        assert_eq!(both.next, None, "an empty token means the last page");
        assert_eq!(listed(both.items), r#"[{"GroupName": "a"},{"GroupName": "b"}]"#);
        // The SDK drops an item that is null.
        let wrong = [(r#"{"Groups": [{}]}"#, vec![None]), (r#"{"Groups": [null]}"#, vec![]), ("{}", vec![])];
        for (body, names) in wrong {
            assert!(page(body, &names).is_err(), "{body}");
        }
    }
}
