"""An order out of the cart, in one transaction."""

from django.db import transaction
from django.db.models import F
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from shop.cart.views import lines_of
from shop.catalogue.models import Product
from shop.checkout.models import Line, Order


@require_POST
def order(request):
    lines = lines_of(request.session)
    if not lines:
        return redirect("cart")
    placed = place(lines)
    request.session["cart"] = {}
    return render(request, "checkout/placed.html", {"order": placed})


@transaction.atomic
def place(lines):
    """Stock is taken in the order of keys, so that two orders never wait for each other."""
    placed = Order.objects.create(total=sum(product.price * number for product, number in lines))
    for product, number in sorted(lines, key=lambda line: line[0].pk):
        Product.objects.filter(pk=product.pk).update(stock=F("stock") - number)
        Line.objects.create(order=placed, product=product, number=number, price=product.price)
    return placed
