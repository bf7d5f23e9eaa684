# tflint-ignore: x # cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b
# cognito-lint: ignore all owner=a until=2027-01-31 reason=b
# cognito-lint: ignore mfa-mising owner=a until=2027-01-31 reason=b
# cognito-lint: ignore mfa-missing reason=b
# cognito-lint: ignore mfa-missing owner=a until="soon" reason=b
# cognito-lint: ignore mfa-missing owner=a expires=2027-01-31 reason=b
# cognito-lint: ingore mfa-missing owner=a until=2027-01-31 reason=b
# cognito-lint: ignore deletable owner=a until=2027-01-31 reason=b
resource "aws_cognito_user_pool" "main" {
  name = "main"
  # cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b

  alias_attributes = ["email"] # checkov:skip=CKV_AWS_1:theirs
  # cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b
}

# cognito-lint: ignore mfa-missing owner=a until=2027-01-31 reason=b
locals {
  x = 1
}
# Cognito-Lint: ignore mfa-missing owner=a until=2027-01-31 reason=b
# cognito-lint: ignore password-* owner=a until=2027-01-31 reason=b
# cognito-lint: ignore mfa-missing owner=a until=2027-13-31 reason=b
