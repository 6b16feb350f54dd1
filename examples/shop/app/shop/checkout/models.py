"""Orders and their lines, at the price of their day."""

from django.db import models

from shop.catalogue.models import Product


class Order(models.Model):
    placed = models.DateTimeField(auto_now_add=True)
    total = models.DecimalField(max_digits=10, decimal_places=2)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)
