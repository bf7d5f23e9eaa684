variable "x0" {
  type = bool
}
variable "y0" {
  type = bool
}
variable "z0" {
  type = bool
}
resource "aws_cognito_user_pool" "p0" {
  name                = "p0"
  deletion_protection = var.x0 ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = var.y0 ? "ON" : "OPTIONAL"
  software_token_mfa_configuration {
    enabled = true
  }
  password_policy {
    minimum_length = var.z0 ? 14 : 16
  }
}
variable "x1" {
  type = bool
}
variable "y1" {
  type = bool
}
variable "z1" {
  type = bool
}
resource "aws_cognito_user_pool" "p1" {
  name                = "p1"
  deletion_protection = var.x1 ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = var.y1 ? "ON" : "OPTIONAL"
  software_token_mfa_configuration {
    enabled = true
  }
  password_policy {
    minimum_length = var.z1 ? 14 : 16
  }
}
variable "x2" {
  type = bool
}
variable "y2" {
  type = bool
}
variable "z2" {
  type = bool
}
resource "aws_cognito_user_pool" "p2" {
  name                = "p2"
  deletion_protection = var.x2 ? "ACTIVE" : "INACTIVE"
  mfa_configuration   = var.y2 ? "ON" : "OPTIONAL"
  software_token_mfa_configuration {
    enabled = true
  }
  password_policy {
    minimum_length = var.z2 ? 14 : 16
  }
}
