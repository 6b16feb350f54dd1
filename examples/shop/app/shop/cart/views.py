"""The cart: products and their numbers, kept in the visitor's session."""

from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from shop.catalogue.models import Product


def lines_of(session):
    """Each product of the cart with how many of it are wanted."""
    wanted = session.get("cart", {})
    found = Product.objects.filter(pk__in=wanted).defer("description").order_by("name")
    return [(product, wanted[str(product.pk)]) for product in found]


@ensure_csrf_cookie
def show(request):
    lines = lines_of(request.session)
    total = sum(product.price * number for product, number in lines)
    return render(request, "cart/cart.html", {"lines": lines, "total": total})


@require_POST
def add(request):
    product = request.POST.get("product", "")
    if not product.isdecimal() or not Product.objects.filter(pk=product).exists():
        return HttpResponseBadRequest("no such product")
    cart = request.session.setdefault("cart", {})
    cart[product] = cart.get(product, 0) + 1
    request.session.modified = True
    return redirect("cart")
