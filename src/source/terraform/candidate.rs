//! Candidates of a local value. A plan does not show local values, but the resources that one can refer to are in the
//! module, in its arguments, or around it; and the plan lists the resources that contribute to its changes.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::address::Part;
use super::reference::{Resolution, Search};
use super::resource::Resource;
use super::site::Site;

impl Search<'_> {
    /// The candidates of a local value: resources in the module and its arguments. If there are none, those of the
    /// module around it.
    pub(super) fn candidates(&self, modules: &[Part]) -> BTreeSet<usize> {
        let all = self.resources.iter().enumerate();
        let able = all.filter(|(_, one)| one.mapping.section == self.wanted && one.is_nameless());
        let able: Vec<(usize, &Resource)> = able.collect();
        let inside = able.iter().filter(|(_, one)| one.modules.starts_with(modules));
        let mut found: BTreeSet<usize> = inside.map(|(at, _)| *at).collect();
        let given = self.call(modules).and_then(|call| call.expressions);
        let given = given.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok()).unwrap_or_default();
        for name in given.as_object().into_iter().flat_map(serde_json::Map::keys) {
            let mut reach = Resolution::default();
            let search = Search { locals: false, ..*self };
            search.variable(name, Site::plain(modules, 0), &mut reach);
            found.extend(reach.found.iter().filter(|at| able.iter().any(|(one, _)| one == *at)));
        }
        if let (true, Some((module, around))) = (found.is_empty(), modules.split_last()) {
            let own = |one: &Resource| {
                one.modules.starts_with(around)
                    && one.modules.get(around.len()).is_some_and(|part| part.name == module.name)
            };
            found = self.candidates(around);
            found.retain(|at| self.resources.get(*at).is_some_and(|one| !own(one)));
        }
        let is_relevant = |at: &usize| {
            let resource = self.resources.get(*at);
            self.relevant.iter().any(|relevant| resource.is_some_and(|one| relevant.names(&one.address)))
        };
        let relevant: BTreeSet<usize> = found.iter().copied().filter(is_relevant).collect();
        if relevant.is_empty() { found } else { relevant }
    }
}
