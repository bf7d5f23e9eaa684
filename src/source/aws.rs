//! Reads live pools through the Amazon Cognito user pools API.
