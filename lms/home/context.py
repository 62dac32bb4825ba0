def face(request):
    return {}
