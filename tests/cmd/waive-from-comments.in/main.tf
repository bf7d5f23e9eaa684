# kics-scan disable=ec28bf61-a474-4dbe-b414-6dd3a067d6f0

#tfsec:ignore:aws-cognito-require-mfa:exp:2027-01-31
#checkov:skip=CKV_AWS_999:The pool is for a test
resource "aws_cognito_user_pool" "customers" {
  # checkov:skip=CKV2_CUSTOM_7:Deletion protection is for production
  name              = "customers"
  mfa_configuration = "OFF" # tflint-ignore: my_own # why not

  # trivy:ignore:*:exp:2026-01-31
  password_policy {
    minimum_length = 8
  }
}

resource "aws_s3_bucket" "assets" {
  # checkov:skip=CKV_AWS_20:public
  bucket = "assets"
}
