//! An emulator of the service: what each call does to an account, as the documents of AWS say it.
//!
//! The world decides what no setting of a pool does: functions, apps, administrators and web ACLs either help the
//! attacker as far as they can or refuse everything, and where AWS documents nothing a call either works or fails.

use super::settings::{Client, Mfa, Provider, Settings};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    Mail,
    Phone,
}

impl Channel {
    pub const ALL: [Channel; 2] = [Channel::Mail, Channel::Phone];

    pub fn attribute(self) -> &'static str {
        match self {
            Channel::Mail => "email",
            Channel::Phone => "phone_number",
        }
    }

    fn factor(self) -> Factor {
        match self {
            Channel::Mail => Factor::Mail,
            Channel::Phone => Factor::Phone,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    Attacker,
    SomebodyElse,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    pub owner: Owner,
    pub verified: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    App(Owner),
    Mail,
    Phone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account {
    pub confirmed: bool,
    /// Who knows the password; `None` without one.
    pub password: Option<Owner>,
    pub addresses: [Option<Address>; 2],
    pub factor: Option<Factor>,
    /// The addresses that the user could have set when signing up.
    pub settable: [bool; 2],
    /// The user has once shown a code from an address.
    pub proved: bool,
    /// The channel whose code reset the password, if it then gets no code of a second factor.
    pub reset: Option<Channel>,
}

impl Account {
    pub fn address(&self, channel: Channel) -> Option<Address> {
        self.addresses[channel as usize]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'p> {
    Api(&'p Client),
    App(&'p Client),
    Pages(&'p Client),
    OwnClient,
}

impl PartialEq for Client {
    fn eq(&self, other: &Client) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Client {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Password,
    Backend,
    Pages,
    Custom,
    Code(Channel),
}

/// A sign-in that worked.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    /// The attacker holds the token; else the app does.
    pub token: bool,
    /// No second factor of the pool was asked for.
    pub single: bool,
    pub account: Account,
}

/// The decisions that are not settings of the pool.
#[derive(Clone, Copy, Debug)]
pub struct World {
    /// Functions, apps, administrators, web ACLs and users do what helps the attacker.
    pub favors: bool,
    /// Calls of which AWS documents nothing do what helps the attacker.
    pub gaps: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Service<'p> {
    pub pool: &'p Settings,
    pub world: World,
    /// The messages to somebody else that the attacker reads.
    pub reads: [bool; 2],
    /// The attacker has a token with which clients can be registered.
    pub registrar: bool,
}

impl<'p> Service<'p> {
    /// Whether a decision that may be there lets the attacker pass.
    pub fn passes(&self, there: bool) -> bool {
        !there || self.world.favors
    }

    /// Whether the attacker can register a client for a grant.
    pub fn registers(&self, grant: &str) -> bool {
        let has = |grants: &[String]| grants.iter().any(|own| own == grant);
        has(&self.pool.grants) || self.registrar && has(&self.pool.grants_by_token)
    }

    pub fn gets_message(&self, address: Option<Address>, channel: Channel) -> bool {
        address.is_some_and(|address| match address.owner {
            Owner::Attacker => true,
            Owner::SomebodyElse => self.reads[channel as usize],
        })
    }

    pub fn settable(&self, entry: Entry<'_>, channel: Channel) -> bool {
        match entry {
            Entry::OwnClient => true,
            Entry::Api(client) | Entry::App(client) | Entry::Pages(client) => {
                self.pool.user_name[channel as usize] || self.pool.writes(client, channel.attribute())
            }
        }
    }

    pub fn opens(&self, entry: Entry<'_>) -> bool {
        let pool = self.pool;
        pool.sign_up
            && self.passes(pool.pre_sign_up)
            && self.passes(pool.acl)
            && match entry {
                Entry::Api(client) => client.public,
                Entry::App(client) => !client.public && self.world.favors,
                Entry::Pages(client) => client.pages && client.offers.iter().any(|own| own == "COGNITO"),
                Entry::OwnClient => {
                    let by_token = self.registrar && !pool.grants_by_token.is_empty();
                    (!pool.grants.is_empty() || by_token) && self.world.favors
                }
            }
    }

    pub fn entries(&self) -> Vec<Entry<'p>> {
        let listed = self.pool.clients.iter();
        let each = listed.flat_map(|client| [Entry::Api(client), Entry::App(client), Entry::Pages(client)]);
        each.chain([Entry::OwnClient]).filter(|entry| self.opens(*entry)).collect()
    }

    /// `SignUp`: the accounts that it may make, unconfirmed or as a function confirms them.
    pub fn sign_up(&self, entry: Entry<'_>, owners: [Option<Owner>; 2], password: bool) -> Vec<Account> {
        let pool = self.pool;
        let given = |channel: Channel| owners[channel as usize].is_some();
        let is_settable = Channel::ALL.iter().all(|one| !given(*one) || self.settable(entry, *one));
        let is_complete = Channel::ALL.iter().all(|one| {
            let required = pool.attribute(one.attribute()).is_some_and(|attribute| attribute.required);
            !required || given(*one)
        });
        let is_named = pool.user_name == [false, false]
            || Channel::ALL.iter().any(|one| pool.user_name[*one as usize] && given(*one));
        let without_password = pool.codes.contains(&true);
        if !is_settable || !is_complete || !is_named || !(password || without_password) {
            return Vec::new();
        }
        let account = Account {
            confirmed: false,
            password: password.then_some(Owner::Attacker),
            addresses: owners.map(|owner| owner.map(|owner| Address { owner, verified: false })),
            factor: None,
            settable: Channel::ALL.map(|one| self.settable(entry, one)),
            proved: false,
            reset: None,
        };
        let by_function = pool.pre_sign_up.then_some(Account { confirmed: true, ..account });
        let by_hand = (self.world.favors
            && !Channel::ALL
                .iter()
                .any(|one| pool.sends_codes_to[*one as usize] && self.settable(entry, *one)))
        .then_some(Account { confirmed: true, ..account });
        [Some(account), by_function, by_hand].into_iter().flatten().collect()
    }

    /// `ConfirmSignUp` with the code, which goes to one address: to the phone, where both get codes.
    pub fn confirm(&self, account: Account) -> Option<Account> {
        let to = [Channel::Phone, Channel::Mail].into_iter().find(|channel| {
            self.pool.sends_codes_to[*channel as usize] && account.address(*channel).is_some()
        })?;
        let arrives = to == Channel::Phone || !self.pool.links_fail;
        (!account.confirmed && arrives && self.gets_message(account.address(to), to))
            .then(|| verified(account, to))
    }

    /// Whether the functions and the adaptive authentication let a sign-in through a client happen.
    pub fn gate(&self, client: Option<&Client>) -> bool {
        self.passes(self.pool.pre_authentication)
            && self.passes(self.pool.tokens)
            && self.passes(client.is_some_and(|client| client.risk))
    }

    /// `InitiateAuth` and its challenges, or the sign-in pages.
    pub fn sign_in(&self, client: &Client, method: Method, account: Account) -> Vec<SignedIn> {
        let by_password = account.confirmed && account.password == Some(Owner::Attacker);
        let local = client.pages && client.offers.iter().any(|own| own == "COGNITO");
        let password = client.password || client.old && self.world.gaps;
        let by_app = self.world.favors;
        if !self.gate(Some(client)) {
            return Vec::new();
        }
        let after_password = || by_password.then(|| self.second_factor(account)).flatten();
        let api = |after: Option<(bool, Account)>| {
            let after = after.filter(|_| client.public || by_app)?;
            Some(SignedIn { token: client.public, single: after.0, account: after.1 })
        };
        let first = match method {
            Method::Password if password => api(after_password()),
            Method::Backend if client.backend && by_app => {
                after_password().map(|(single, account)| SignedIn { token: false, single, account })
            }
            Method::Pages if local && (password || by_app) => after_password().map(|(single, account)| {
                SignedIn { token: client.public || client.implicit, single, account }
            }),
            Method::Custom if client.custom && self.pool.challenges && self.world.favors => {
                // The functions ask for something that the attacker has: the password, or a message.
                let knows = account.password == Some(Owner::Attacker)
                    || Channel::ALL.iter().any(|one| self.gets_message(account.address(*one), *one));
                let passes = knows && account.confirmed && (self.pool.mfa != Mfa::On || self.world.gaps);
                api(passes.then_some((true, account)))
            }
            Method::Code(channel) if client.choice => api(self.code(account, channel)),
            _ => None,
        };
        let at_pages = match method {
            Method::Code(channel) => self.code_at_pages(client, account, channel),
            _ => None,
        };
        [first, at_pages].into_iter().flatten().collect()
    }

    /// Whether the pages offer codes depends on their version and branding.
    fn code_at_pages(&self, client: &Client, account: Account, channel: Channel) -> Option<SignedIn> {
        let local = client.pages && client.offers.iter().any(|own| own == "COGNITO");
        let code = self.code(account, channel).filter(|_| client.choice && local && self.world.gaps);
        let token = client.public || client.implicit;
        code.map(|(single, account)| SignedIn { token, single, account })
    }

    /// Whether a sign-in at the pages gives a token with which clients can be registered.
    pub fn gets_registrar(&self, client: &Client, account: Account) -> bool {
        let by_code = Channel::ALL.iter().filter_map(|one| self.code_at_pages(client, account, *one));
        let by_password = self.sign_in(client, Method::Pages, account);
        let mut signed_in = by_code.filter(|_| self.gate(Some(client))).chain(by_password);
        client.registers && self.world.favors && signed_in.any(|one| one.token)
    }

    /// `InitiateAuth` with the session of `ConfirmSignUp`: the code that confirmed the user is the first factor.
    pub fn sign_in_by_sign_up(&self, client: &Client, account: Account) -> Option<SignedIn> {
        let open = client.choice
            && self.world.gaps
            && (client.public || self.world.favors)
            && self.gate(Some(client));
        let after = open.then(|| self.second_factor(account)).flatten();
        after.map(|(single, account)| SignedIn { token: client.public, single, account })
    }

    /// A code as the first factor: none where MFA is required, and none for users who have set up MFA.
    fn code(&self, account: Account, channel: Channel) -> Option<(bool, Account)> {
        let open = self.pool.codes[channel as usize] && self.pool.mfa != Mfa::On && account.factor.is_none();
        (open && self.gets_message(account.address(channel), channel))
            .then(|| (true, verified(account, channel)))
    }

    /// The step after a password: whether nothing was asked, and the account after it.
    pub fn second_factor(&self, account: Account) -> Option<(bool, Account)> {
        let passes = |factor| match factor {
            Factor::App(owner) => owner == Owner::Attacker,
            Factor::Mail => self.gets_message(account.address(Channel::Mail), Channel::Mail),
            Factor::Phone => self.gets_message(account.address(Channel::Phone), Channel::Phone),
        };
        match (self.pool.mfa, account.factor) {
            (Mfa::Off, _) | (Mfa::Optional, None) => Some((true, account)),
            (Mfa::Optional | Mfa::On, Some(factor)) => passes(factor).then_some((false, account)),
            (Mfa::On, None) => {
                let app = Factor::App(Owner::Attacker);
                // A code to the channel that has just reset the password cannot be the second factor, where it came first.
                let messages = Channel::ALL.into_iter().zip(self.pool.mfa_by);
                let messages = messages.filter(|(channel, on)| *on && account.reset != Some(*channel));
                let enrols = self
                    .pool
                    .mfa_by_app
                    .then_some(app)
                    .into_iter()
                    .chain(messages.map(|(channel, _)| channel.factor()))
                    .find(|factor| passes(*factor));
                match enrols {
                    Some(factor) => Some((false, Account { factor: Some(factor), ..account })),
                    // Who could have given an address for codes has to start again with one.
                    None => {
                        let could = account.settable.iter().zip(self.pool.mfa_by).any(|(own, on)| *own && on);
                        (self.world.gaps && !could).then_some((true, account))
                    }
                }
            }
        }
    }

    /// `ForgotPassword` and `ConfirmForgotPassword`, through any client that does it.
    pub fn reset(&self, account: Account) -> Option<Account> {
        let reach = self.pool.clients.iter().any(|client| {
            let pages = client.pages && client.offers.iter().any(|own| own == "COGNITO");
            client.public || pages || self.world.favors
        });
        let own = self.registers("code") && self.world.favors && self.passes(self.pool.acl);
        let is_verified = |channel: &&Channel| account.address(**channel).is_some_and(|own| own.verified);
        let (to, first) = match &self.pool.recovery {
            // Without the setting, the phone comes before the mail.
            // AWS says it of the phone of a second factor outside of the API's reference, and of the mail nowhere.
            None => {
                let to = [Channel::Phone, Channel::Mail].iter().find(is_verified);
                let to = to.filter(|to| match (to, account.factor) {
                    (Channel::Phone, Some(Factor::Phone)) => self.world.favors,
                    (Channel::Mail, Some(Factor::Mail)) => self.world.gaps,
                    _ => true,
                });
                (to, to == Some(&Channel::Mail))
            }
            Some(order) => {
                let qualifies = |channel: &&Channel| match channel {
                    Channel::Mail => account.factor != Some(Factor::Mail),
                    Channel::Phone => account.factor != Some(Factor::Phone),
                };
                let to = order.iter().filter(qualifies).find(is_verified);
                (to, to.is_some() && to == order.first())
            }
        };
        let to = *to?;
        let message = self.gets_message(account.address(to), to);
        ((reach || own) && account.confirmed && message).then_some(Account {
            password: Some(Owner::Attacker),
            reset: first.then_some(to),
            ..account
        })
    }

    /// Whether the pool makes a user of whoever comes from a provider.
    pub fn admits(&self, client: Option<&Client>, provider: &Provider) -> bool {
        let pool = self.pool;
        let mapped = |name: &str| provider.mapping.iter().any(|own| own == name);
        let is_complete =
            pool.attributes.iter().all(|own| !own.required || own.name == "sub" || mapped(&own.name));
        let unwritable = provider.mapping.iter().any(|name| {
            let is_written = !["username", "email_verified", "phone_number_verified"].contains(&&**name);
            let writes = client.is_none_or(|client| pool.writes(client, name));
            is_written && !(writes && pool.is_mutable(name))
        });
        is_complete && (!unwritable || self.world.gaps)
    }
}

fn verified(account: Account, channel: Channel) -> Account {
    let mut account = Account { confirmed: true, proved: true, ..account };
    if let Some(address) = &mut account.addresses[channel as usize] {
        address.verified = true;
    }
    account
}
