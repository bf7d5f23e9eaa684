variable "is_production" {
  type = bool
}

variable "stage" {
  type = string
}

variable "sender" {
  type = string
}

locals {
  is_tested = var.stage == "test" || var.stage == "stage"
}

resource "aws_cognito_user_pool" "same" {
  name                = "same"
  deletion_protection = var.is_production ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = var.is_production ? "ON" : "OPTIONAL"
}

resource "aws_cognito_user_pool" "production" {
  count               = var.is_production ? 1 : 0
  name                = "production"
  deletion_protection = var.is_production ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = "ON"
}

resource "aws_cognito_user_pool" "staged" {
  name                = "staged-${var.stage}"
  deletion_protection = local.is_tested ? "INACTIVE" : "ACTIVE"
  mfa_configuration   = lookup({ test = "OPTIONAL", stage = "ON" }, var.stage, "ON")

  dynamic "password_policy" {
    for_each = local.is_tested ? [] : [12]
    content {
      minimum_length = password_policy.value
    }
  }
}

resource "aws_cognito_user_pool" "known" {
  name                = "known"
  deletion_protection = "ACTIVE"
  mfa_configuration   = { eu = "ON", us = "OPTIONAL" }[var.sender]
}
