"""Sidekiq: background jobs of Ruby, over Redis."""
