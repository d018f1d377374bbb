"""What the comparing page says in words; the figures that bear it out stand beside them."""

from __future__ import annotations

TITLES = {
    "nato_2035": "NATO",
    "us_japan": "United States and Japan",
    "france_uk": "France and United Kingdom",
    "asean": "ASEAN",
    "african_union": "African Union",
}

EASY = {
    "nato_2035": "size: thirty-two offers, most kinds of force somewhere, and a common way of working",
    "us_japan": "to decide and to rely: one ally may provide anything alone, and no rule of shares stands in the way",
    "france_uk": "to share what is too dear for one: carrier time, early warning, a research facility; fairness comes by itself",
    "asean": "to agree: everybody is far better off together than alone, the small most of all",
    "african_union": "to find soldiers: some members have far more than they could ever pay for, and go where others will not",
}

HARD = {
    "nato_2035": "to change quickly: even without any limit on money most of the risk remains, since orders take years and crews are few",
    "us_japan": "to stand alone: what only the guarantor has cannot be bought in ten years at any share of GDP",
    "france_uk": "to be in two places at once: the same ships and boats are wanted in north and south, and both keep some back",
    "asean": "to share the cost: equal shares and consensus exclude each other, and restraint leaves the open sea thin",
    "african_union": "to pay: money alone would do nearly all, but senders have none, payers do not send, and partners set conditions",
}
