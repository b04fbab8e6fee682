# Both libzen 1 and 2 may be installed: library and headers bear the slot.
PREFIX = /usr
LIBDIR = $(PREFIX)/lib
NAME = libzen-$(SLOT)
SONAME = $(NAME).so.$(ABI)

all: $(SONAME) $(NAME).a

zen.o: zen.c zen.h
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -c -o $@ zen.c

$(SONAME): zen.o
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$@ -o $@ zen.o

$(NAME).a: zen.o
	$(AR) rcD $@ zen.o

install: $(SONAME)
	mkdir -p $(DESTDIR)$(LIBDIR) $(DESTDIR)$(PREFIX)/include/zen-$(SLOT)
	install -m 0755 $(SONAME) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -s $(SONAME) $(DESTDIR)$(LIBDIR)/$(NAME).so
	install -m 0644 zen.h $(DESTDIR)$(PREFIX)/include/zen-$(SLOT)/zen.h

install-static: $(NAME).a
	install -m 0644 $(NAME).a $(DESTDIR)$(LIBDIR)/$(NAME).a

.PHONY: all install install-static
