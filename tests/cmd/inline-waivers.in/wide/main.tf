module "pools" {
  source = "./pools"
} # cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b
