"""Writes Terraform configurations: configurations.py FILES FOLDER

Services with a pool of their own, services that call a module of pools, and services without pools, in about the
proportion in which they are in public repositories; three files each.
"""
import pathlib
import sys

FILES, FOLDER = int(sys.argv[1]), pathlib.Path(sys.argv[2])

VARIABLES = """variable "name" {
  description = "The name of the service"
  type        = string
  default     = "service-%(n)d"
}

variable "stage" {
  type    = string
  default = "dev"
}

variable "password_policy" {
  type = object({
    minimum_length = optional(number, 8)
    symbols        = optional(bool, true)
  })
  default = {}
}

variable "callback_urls" {
  type    = list(string)
  default = ["https://example.com/callback"]
}
"""
OTHERS = """locals {
  tags = merge({ owner = "team-%(n)d" }, { stage = var.stage })
  name = join("-", [var.name, var.stage, lower("X")])
}

resource "aws_s3_bucket" "assets" {
  for_each = toset(["logs", "images", "exports"])
  bucket   = "${local.name}-${each.key}"
  tags     = local.tags
}

resource "aws_iam_role" "function" {
  name = "${local.name}-function"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Action    = "sts:AssumeRole"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_lambda_function" "api" {
  function_name = local.name
  role          = aws_iam_role.function.arn
  handler       = "index.handler"
  runtime       = "nodejs20.x"
  filename      = "${path.module}/function.zip"

  environment {
    variables = {
      STAGE  = var.stage
      BUCKET = aws_s3_bucket.assets["logs"].bucket
    }
  }
}
"""
POOL = """resource "aws_cognito_user_pool" "this" {
  name                     = local.name
  mfa_configuration        = var.stage == "prod" ? "ON" : "OPTIONAL"
  deletion_protection      = var.stage == "prod" ? "ACTIVE" : "INACTIVE"
  auto_verified_attributes = ["email"]
  tags                     = local.tags

  software_token_mfa_configuration {
    enabled = true
  }

  dynamic "password_policy" {
    for_each = [var.password_policy]
    content {
      minimum_length  = password_policy.value.minimum_length
      require_symbols = password_policy.value.symbols
    }
  }
}

resource "aws_cognito_user_pool_client" "web" {
  name          = "${local.name}-web"
  user_pool_id  = aws_cognito_user_pool.this.id
  callback_urls = var.callback_urls
}
"""
CALL = """module "auth" {
  source = "../../modules/auth"

  name  = var.name
  stage = var.stage
}

output "pool" {
  value = module.auth.pool
}
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


module = VARIABLES % {"n": 0} + (OTHERS % {"n": 0}).split("resource", 1)[0] + POOL
write(FOLDER / "modules/auth/main.tf", module + '\noutput "pool" {\n  value = aws_cognito_user_pool.this.id\n}\n')
for number in range(-(-(FILES - 1) // 3)):
    service = FOLDER / "services" / f"service-{number:04}"
    of_service = {"n": number}
    write(service / "variables.tf", VARIABLES % of_service)
    write(service / "main.tf", OTHERS % of_service)
    last = POOL if number % 17 == 0 else CALL if number % 23 == 0 else 'output "name" {\n  value = local.name\n}\n'
    write(service / "outputs.tf", last)
