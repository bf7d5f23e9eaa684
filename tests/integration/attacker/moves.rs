//! The moves of an attacker, tried on the emulator until none leads further.

use std::collections::BTreeSet;

use super::others;
use super::service::{Account, Address, Channel, Entry, Factor, Method, Owner, Service, SignedIn, World};
use super::settings::{Client, Mfa, Settings};

/// The gains of the attacker in one world. A gain is a session, or a token, which is more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    pub user: bool,
    pub token: Option<Gain>,
    pub unverified: Option<Gain>,
    pub single: Option<Gain>,
    pub foreign: Option<Gain>,
    pub overwrites: BTreeSet<String>,
    pub chooses: BTreeSet<String>,
    pub phone: Option<Gain>,
    pub mail: Option<Gain>,
    pub leaked: bool,
    pub refresh: i64,
    pub disabled: i64,
    /// A user of the directory that a migration function asks.
    pub directory: Option<Gain>,
    /// A machine with the secret of a client.
    pub machine: bool,
    /// Who reads the messages to an address takes it from the user who signs in with it.
    pub alias: [bool; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gain {
    Session,
    Token,
}

/// The longest life of a token that any client can have.
const LONGEST: [i64; 2] = [86_400, 10 * 365 * 86_400];

pub(super) const METHODS: [Method; 6] = [
    Method::Password,
    Method::Backend,
    Method::Pages,
    Method::Custom,
    Method::Code(Channel::Mail),
    Method::Code(Channel::Phone),
];

impl Reached {
    pub fn of(pool: &Settings, world: World) -> Reached {
        let service = Service { pool, world, reads: [false; 2], registrar: false };
        let mut reached = Reached::default();
        let mut registrar = stranger(&service, &mut reached);
        registrar |= from_outside(&service, &mut reached);
        let service = Service { registrar, ..service };
        if registrar {
            stranger(&service, &mut reached);
            from_outside(&service, &mut reached);
        }
        reached.mail = reader(&Service { reads: [true, false], ..service });
        reached.phone = reader(&Service { reads: [false, true], ..service });
        reached.leaked = keeps_account(&service);
        attributes(&service, &mut reached);
        (reached.refresh, reached.disabled) = lifetimes(&service);
        others::go(&service, &mut reached);
        reached
    }

    fn signed_in(&mut self, one: SignedIn) {
        let gain = if one.token { Gain::Token } else { Gain::Session };
        let note = |best: &mut Option<Gain>| *best = (*best).max(Some(gain));
        note(&mut self.token);
        if !one.account.proved {
            note(&mut self.unverified);
        }
        if one.single {
            note(&mut self.single);
        }
        if one.account.address(Channel::Mail).is_some_and(|mail| mail.owner == Owner::SomebodyElse) {
            note(&mut self.foreign);
        }
    }
}

/// A stranger signs up in every way, is confirmed in every way, and signs in in every way. True with a token that
/// registers clients.
fn stranger(service: &Service<'_>, reached: &mut Reached) -> bool {
    let mut registrar = false;
    let owners = [None, Some(Owner::Attacker), Some(Owner::SomebodyElse)];
    let mut accounts = BTreeSet::new();
    for entry in service.entries() {
        reached.user = true;
        for mail in owners {
            for phone in [None, Some(Owner::Attacker)] {
                for password in [false, true] {
                    accounts.extend(service.sign_up(entry, [mail, phone], password));
                }
            }
        }
    }
    let confirmed: Vec<Account> = accounts.iter().filter_map(|account| service.confirm(*account)).collect();
    for (account, client) in
        confirmed.iter().flat_map(|one| service.pool.clients.iter().map(move |c| (one, c)))
    {
        if let Some(one) = service.sign_in_by_sign_up(client, *account) {
            reached.signed_in(one);
            if one.token && changes_mail(service, client, false) {
                reached.signed_in(with_mail_of_another(one));
            }
        }
    }
    accounts.extend(confirmed);
    for account in accounts {
        for client in &service.pool.clients {
            registrar |= service.gets_registrar(client, account);
            for method in METHODS {
                for one in service.sign_in(client, method, account) {
                    reached.signed_in(one);
                    if one.token && changes_mail(service, client, method == Method::Pages) {
                        reached.signed_in(with_mail_of_another(one));
                    }
                }
            }
        }
        if let Some(one) = own_sign_in(service, account) {
            reached.signed_in(one);
            if service.world.gaps && !service.pool.keeps[0] && service.pool.is_mutable("email") {
                reached.signed_in(with_mail_of_another(one));
            }
        }
    }
    registrar
}

/// The sign-in at the pages of a client that the attacker registered.
pub(super) fn own_sign_in(service: &Service<'_>, account: Account) -> Option<SignedIn> {
    let by_password = account.confirmed && account.password == Some(Owner::Attacker);
    let open = service.registers("code")
        && service.world.favors
        && service.passes(service.pool.acl)
        && service.gate(None);
    let after = (by_password && open).then(|| service.second_factor(account)).flatten();
    after.map(|(single, account)| SignedIn { token: true, single, account })
}

fn with_mail_of_another(one: SignedIn) -> SignedIn {
    let mut account = one.account;
    account.addresses[0] = Some(Address { owner: Owner::SomebodyElse, verified: false });
    SignedIn { account, ..one }
}

/// Whether a token of a client may change the user: every token of the API, and those of the pages with the scope.
fn may_change(service: &Service<'_>, client: &Client, at_pages: bool) -> bool {
    let added = service.pool.scopes && service.world.favors && service.world.gaps;
    (!at_pages || client.profile || added) && service.passes(service.pool.scopes)
}

/// Whether the holder of a token can set an email address that nobody has verified.
fn changes_mail(service: &Service<'_>, client: &Client, at_pages: bool) -> bool {
    let pool = service.pool;
    may_change(service, client, at_pages)
        && pool.writes(client, "email")
        && pool.is_mutable("email")
        && !pool.keeps[0]
}

/// Accounts at providers where everybody has one, and machines. True with a token that registers clients.
fn from_outside(service: &Service<'_>, reached: &mut Reached) -> bool {
    let (pool, world) = (service.pool, service.world);
    let mut registrar = false;
    let account = Account {
        confirmed: true,
        password: None,
        addresses: [None; 2],
        factor: None,
        settable: [false; 2],
        proved: false,
        reset: None,
    };
    let admitted = service.passes(pool.pre_sign_up) && service.passes(pool.acl);
    for provider in pool.providers.iter().filter(|one| one.everybody || one.public && world.favors) {
        let says_verified = ["email_verified", "phone_number_verified"]
            .iter()
            .any(|name| provider.mapping.iter().any(|own| own == name));
        let account = Account { proved: says_verified && !world.favors, ..account };
        for client in &pool.clients {
            let offers = client.pages && client.offers.contains(&provider.name);
            if offers && admitted && service.admits(Some(client), provider) {
                reached.user = true;
                if !service.passes(pool.tokens) {
                    continue;
                }
                let token = client.public || client.implicit;
                let one = SignedIn { token, single: true, account };
                reached.signed_in(one);
                registrar |= token && client.registers && world.favors;
                if token && world.favors && changes_mail(service, client, true) {
                    reached.signed_in(with_mail_of_another(one));
                }
            }
            // AWS does not document whether the exchange of a provider's token makes a user.
            if client.exchange && world.gaps && (client.public || world.favors) {
                reached.user = true;
                if !service.passes(pool.tokens) {
                    continue;
                }
                let account = Account { proved: false, ..account };
                reached.signed_in(SignedIn { token: client.public, single: true, account });
            }
        }
        let own = service.registers("code") && world.favors;
        if own && admitted && service.admits(None, provider) {
            reached.user = true;
            let one = SignedIn { token: true, single: true, account };
            reached.signed_in(one);
            if service.world.gaps && !pool.keeps[0] && pool.is_mutable("email") {
                reached.signed_in(with_mail_of_another(one));
            }
        }
    }
    let machine = service.registers("client_credentials")
        && (pool.custom_scopes || world.gaps)
        && service.passes(pool.machine_tokens)
        && service.passes(pool.acl);
    if machine {
        reached.signed_in(SignedIn { token: true, single: true, account });
    }
    registrar
}

/// Every user that a pool may have, with a password or without.
fn victims(pool: &Settings) -> Vec<Account> {
    let factors: Vec<Option<Factor>> = [
        (pool.mfa != Mfa::On, None),
        (pool.mfa != Mfa::Off && pool.mfa_by_app, Some(Factor::App(Owner::SomebodyElse))),
        (pool.mfa != Mfa::Off && pool.mfa_by[0], Some(Factor::Mail)),
        (pool.mfa != Mfa::Off && pool.mfa_by[1], Some(Factor::Phone)),
    ]
    .into_iter()
    .filter_map(|(there, factor)| there.then_some(factor))
    .collect();
    let address = |verified| Some(Address { owner: Owner::SomebodyElse, verified });
    let addresses = [None, address(false), address(true)];
    let mut all = Vec::new();
    for mail in addresses {
        for phone in addresses {
            for factor in &factors {
                for password in [Some(Owner::SomebodyElse), None] {
                    let is_reached = match factor {
                        Some(Factor::Mail) => mail.is_some(),
                        Some(Factor::Phone) => phone.is_some(),
                        _ => true,
                    };
                    let is_named = pool.user_name == [false, false]
                        || pool.user_name[0] && mail.is_some()
                        || pool.user_name[1] && phone.is_some();
                    let has_password = password.is_some() || pool.codes.contains(&true);
                    if is_reached && is_named && has_password {
                        all.push(Account {
                            confirmed: true,
                            password,
                            addresses: [mail, phone],
                            factor: *factor,
                            settable: [false; 2],
                            proved: true,
                            reset: None,
                        });
                    }
                }
            }
        }
    }
    all
}

/// Somebody who reads the messages to a user. Whether there is one whom that opens is not a setting.
fn reader(service: &Service<'_>) -> Option<Gain> {
    let pool = service.pool;
    if !service.world.favors {
        return None;
    }
    let mut best = None;
    let mut users = victims(pool);
    // A user of required MFA may have enrolled nothing yet.
    users.extend(victims(pool).into_iter().map(|user| Account { factor: None, ..user }));
    for user in users {
        let reset = service.reset(user);
        for account in [Some(user), reset].into_iter().flatten() {
            let each = pool.clients.iter().flat_map(|client| {
                METHODS.iter().flat_map(move |method| service.sign_in(client, *method, account))
            });
            for one in each.chain(own_sign_in(service, account)) {
                best = best.max(Some(if one.token { Gain::Token } else { Gain::Session }));
            }
        }
    }
    best
}

/// The accounts that the holder of a user's access token can make of the user's.
fn taken_over(service: &Service<'_>, client: Option<&Client>, user: Account) -> BTreeSet<Account> {
    let pool = service.pool;
    let mut all = BTreeSet::from([user]);
    let mut next = vec![user];
    while let Some(account) = next.pop() {
        let mut more: Vec<Account> = service.reset(account).into_iter().collect();
        for channel in Channel::ALL {
            let at = channel as usize;
            let writes = client.is_none_or(|client| pool.writes(client, channel.attribute()));
            if !writes || !pool.is_mutable(channel.attribute()) {
                continue;
            }
            let with = |address| {
                let mut addresses = account.addresses;
                addresses[at] = address;
                Account { addresses, ..account }
            };
            let own = |verified| Some(Address { owner: Owner::Attacker, verified });
            if !pool.keeps[at] {
                more.extend([with(None), with(own(false))]);
            }
            if pool.keeps[at] || pool.sends_codes_to[at] {
                more.push(with(own(true)));
            }
        }
        match pool.mfa {
            Mfa::Optional => more.push(Account { factor: None, ..account }),
            Mfa::On if service.world.gaps => {
                more.push(Account { factor: Some(Factor::App(Owner::Attacker)), ..account });
            }
            Mfa::On | Mfa::Off => {}
        }
        if account.password.is_none() {
            more.push(Account { password: Some(Owner::Attacker), ..account });
        }
        for account in more {
            if all.insert(account) {
                next.push(account);
            }
        }
    }
    all
}

/// Whether users get access tokens of a client that can change them.
fn has_profile_tokens(service: &Service<'_>, client: &Client) -> bool {
    let pages = client.pages && may_change(service, client, true);
    let local = client.offers.iter().any(|own| own == "COGNITO");
    let takes_password = client.password || client.old && service.world.gaps || service.world.favors;
    let at_pages = pages && (local && takes_password || federates(service, client) && service.world.favors);
    signs_in(service, client) && may_change(service, client, false) || at_pages
}

/// Whether users sign in through a client by the API.
fn signs_in(service: &Service<'_>, client: &Client) -> bool {
    let pool = service.pool;
    let codes = client.choice && pool.mfa != Mfa::On && pool.codes.contains(&true);
    client.password
        || client.backend
        || codes
        || client.choice && pool.passkeys
        || client.custom && pool.challenges
        || (client.old || client.exchange || by_sign_up(pool, client)) && service.world.gaps
}

/// Whether users may sign in with the code of their sign-up.
fn by_sign_up(pool: &Settings, client: &Client) -> bool {
    client.choice && pool.sign_up && pool.sends_codes_to.contains(&true)
}

fn federates(service: &Service<'_>, client: &Client) -> bool {
    let mut offered = service.pool.providers.iter().filter(|provider| client.offers.contains(&provider.name));
    client.pages && offered.any(|provider| service.admits(Some(client), provider))
}

/// Whether the holder of a leaked access token of some client keeps the account.
fn keeps_account(service: &Service<'_>) -> bool {
    let (pool, world) = (service.pool, service.world);
    let holders = pool.clients.iter().filter(|client| has_profile_tokens(service, client)).map(Some);
    let own = service.registers("code") && world.favors && service.world.gaps;
    let mut holders = holders.chain(own.then_some(None));
    let users = victims(pool);
    service.passes(pool.acl)
        && holders.any(|client| {
            let keeps = |user: &Account| {
                taken_over(service, client, *user).into_iter().any(|account| stays(service, account))
            };
            if world.favors { users.iter().any(keeps) } else { users.iter().all(keeps) }
        })
}

fn stays(service: &Service<'_>, account: Account) -> bool {
    let pool = service.pool;
    let mut clients = pool.clients.iter();
    let has_passkey = pool.passkeys && (pool.mfa != Mfa::On || service.world.gaps);
    clients.any(|client| {
        let by_passkey = has_passkey
            && client.choice
            && (client.public || service.world.favors)
            && service.gate(Some(client));
        by_passkey || METHODS.iter().any(|method| !service.sign_in(client, *method, account).is_empty())
    }) || own_sign_in(service, account).is_some()
}

/// The custom attributes that a user overwrites, and that a stranger chooses.
fn attributes(service: &Service<'_>, reached: &mut Reached) {
    let pool = service.pool;
    let own = service.world.favors && service.world.gaps;
    for attribute in pool.attributes.iter().filter(|attribute| attribute.name.starts_with("custom:")) {
        let overwrites = |client: &Client| {
            let holds = client.public && signs_in_with_token(service, client);
            let token = client.public || client.implicit;
            let local = client.offers.iter().any(|own| own == "COGNITO");
            let users = local || federates(service, client);
            let pages = client.pages && token && users && may_change(service, client, true);
            (holds && may_change(service, client, false) || pages) && pool.writes(client, &attribute.name)
        };
        let by_own = own && service.registers("code") && !attribute.developers;
        if attribute.mutable && (pool.clients.iter().any(overwrites) || by_own) {
            reached.overwrites.insert(attribute.name.clone());
        }
        let entries = service.entries().into_iter();
        let chooses = entries.into_iter().any(|entry| match entry {
            Entry::Api(client) | Entry::App(client) | Entry::Pages(client) => {
                pool.writes(client, &attribute.name)
            }
            Entry::OwnClient => service.world.gaps && !attribute.developers,
        });
        if chooses {
            reached.chooses.insert(attribute.name.clone());
        }
    }
}

/// The same without the backend, which keeps the token.
fn signs_in_with_token(service: &Service<'_>, client: &Client) -> bool {
    let pool = service.pool;
    let codes = client.choice && pool.mfa != Mfa::On && pool.codes.contains(&true);
    client.password
        || codes
        || client.choice && pool.passkeys
        || client.custom && pool.challenges
        || (client.old || client.exchange || by_sign_up(pool, client)) && service.world.gaps
}

/// The life of a leaked refresh token, and of a user whom the provider has disabled.
fn lifetimes(service: &Service<'_>) -> (i64, i64) {
    let (pool, world) = (service.pool, service.world);
    if !world.favors {
        return (0, 0);
    }
    let (mut leaked, mut disabled) = (0, 0);
    for client in &pool.clients {
        let local = client.offers.iter().any(|own| own == "COGNITO");
        let by_pages = client.pages && client.code && (local || federates(service, client));
        if client.public && (signs_in(service, client) || by_pages) {
            leaked = leaked.max(client.refresh);
        }
        if federates(service, client) {
            disabled = disabled.max(client.access);
            if client.code {
                disabled = disabled.max(client.access + client.refresh);
            }
        }
        if client.exchange && world.gaps && !pool.providers.is_empty() {
            disabled = disabled.max(client.access + client.refresh);
        }
    }
    if world.gaps && service.registers("code") {
        leaked = leaked.max(LONGEST[1]);
        if !pool.providers.is_empty() {
            disabled = disabled.max(LONGEST[0] + LONGEST[1]);
        }
    }
    (leaked, disabled)
}
