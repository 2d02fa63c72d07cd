output "main_role_arn" {
  description = "AMI_LAYERS_ROLE"
  value       = aws_iam_role.runner["main"].arn
}

output "main_instance_profile" {
  description = "AMI_LAYERS_INSTANCE_PROFILE"
  value       = aws_iam_instance_profile.builder["main"].name
}

output "pull_request_role_arn" {
  description = "AMI_LAYERS_PR_ROLE"
  value       = aws_iam_role.runner["pull-request"].arn
}

output "pull_request_instance_profile" {
  description = "AMI_LAYERS_PR_INSTANCE_PROFILE"
  value       = aws_iam_instance_profile.builder["pull-request"].name
}
