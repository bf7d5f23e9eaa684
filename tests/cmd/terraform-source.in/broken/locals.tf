locals {
  length = {
}
