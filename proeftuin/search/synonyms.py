"""Words that readers use for the same thing; edit freely, no index has to be rebuilt for it.

Each line is a group. A search for one word of a group also finds the others, a little lower in the list; a
phrase between quotation marks does not. Write single words, in any form. The groups are used while a query is
read, never while a page is indexed.
"""

GROUPS = """
0-meting nulmeting
1-meting vervolgmeting
vakbond bond
thuiswerken telewerken
thuiswerker telewerker
werktijden arbeidstijden
OR ondernemingsraad
beoordeling functioneringsgesprek
artikel art
proeftuin pilot
"""

# How much a page with only the other word counts against a page with the word that was typed.
WEIGHT = 0.6
