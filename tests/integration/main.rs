//! One crate for all integration tests: it links once.

/// A fake Cognito on the loopback interface.
mod fake;
/// Reading live pools, against the fake.
mod live;
/// Reading live pools from moto.
mod moto;
