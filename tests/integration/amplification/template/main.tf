resource "aws_cognito_user_pool" "p" {
  name = local.x
}
locals {
  t = <<EOT
%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }%{ for i in range(1000) }xxxxxxxxxx%{ endfor }%{ endfor }%{ endfor }%{ endfor }%{ endfor }%{ endfor }%{ endfor }%{ endfor }
EOT
  x = local.t
}
