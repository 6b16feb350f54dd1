"""Prisma: the pool of its engine, up to version 6."""
