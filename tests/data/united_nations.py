"""The United Nations' scale of assessments for 2025 to 2027 as published (General Assembly resolution 79/249), all 193 members.

Shares in thousandths of a per cent; they add up to 100 per cent exactly. Groups: the least developed countries as the United
Nations list them since December 2024 (44), and the permanent members of the Security Council.
"""

from __future__ import annotations

_SHARES = """
Afghanistan 5; Albania 10; Algeria 87; Andorra 4; Angola 10; Antigua and Barbuda 2; Argentina 490; Armenia 7; Australia 2040;
Austria 626; Azerbaijan 34; Bahamas 15; Bahrain 50; Bangladesh 10; Barbados 7; Belarus 43; Belgium 773; Belize 1; Benin 5; Bhutan 1;
Bolivia 18; Bosnia and Herzegovina 14; Botswana 13; Brazil 1411; Brunei 19; Bulgaria 71; Burkina Faso 5; Burundi 1; Cabo Verde 1;
Cambodia 8; Cameroon 14; Canada 2543; Central African Republic 1; Chad 5; Chile 374; China 20004; Colombia 197; Comoros 1; Congo 5;
Costa Rica 63; Cote d'Ivoire 24; Croatia 88; Cuba 122; Cyprus 35; Czechia 344; North Korea 5; Democratic Republic of the Congo 10;
Denmark 531; Djibouti 2; Dominica 1; Dominican Republic 69; Ecuador 65; Egypt 182; El Salvador 13; Equatorial Guinea 8; Eritrea 1;
Estonia 45; Eswatini 2; Ethiopia 10; Fiji 3; Finland 386; France 3858; Gabon 11; Gambia 1; Georgia 9; Germany 5692; Ghana 25;
Greece 280; Grenada 1; Guatemala 46; Guinea 4; Guinea-Bissau 1; Guyana 11; Haiti 6; Honduras 10; Hungary 223; Iceland 35; India 1106;
Indonesia 579; Iran 386; Iraq 131; Ireland 472; Israel 609; Italy 2813; Jamaica 7; Japan 6930; Jordan 21; Kazakhstan 131; Kenya 37;
Kiribati 1; Kuwait 222; Kyrgyzstan 3; Laos 6; Latvia 50; Lebanon 22; Lesotho 1; Liberia 1; Libya 40; Liechtenstein 9; Lithuania 81;
Luxembourg 73; Madagascar 4; Malawi 3; Malaysia 326; Maldives 4; Mali 5; Malta 20; Marshall Islands 1; Mauritania 3; Mauritius 10;
Mexico 1137; Micronesia 1; Monaco 11; Mongolia 4; Montenegro 4; Morocco 59; Mozambique 2; Myanmar 10; Namibia 7; Nauru 1; Nepal 10;
Netherlands 1298; New Zealand 302; Nicaragua 4; Niger 4; Nigeria 150; North Macedonia 8; Norway 653; Oman 115; Pakistan 123; Palau 1;
Panama 86; Papua New Guinea 9; Paraguay 23; Peru 145; Philippines 198; Poland 831; Portugal 328; Qatar 245; South Korea 2349;
Moldova 6; Romania 358; Russia 2094; Rwanda 3; Saint Kitts and Nevis 1; Saint Lucia 2; Saint Vincent and the Grenadines 1; Samoa 1;
San Marino 2; Sao Tome and Principe 1; Saudi Arabia 1217; Senegal 7; Serbia 40; Seychelles 2; Sierra Leone 1; Singapore 479;
Slovakia 149; Slovenia 77; Solomon Islands 1; Somalia 2; South Africa 251; South Sudan 5; Spain 1895; Sri Lanka 38; Sudan 8;
Suriname 2; Sweden 822; Switzerland 1029; Syria 6; Tajikistan 3; Thailand 341; Timor-Leste 1; Togo 2; Tonga 1;
Trinidad and Tobago 33; Tunisia 18; Turkey 685; Turkmenistan 36; Tuvalu 1; Uganda 10; Ukraine 74; United Arab Emirates 574;
United Kingdom 3991; Tanzania 10; United States 22000; Uruguay 79; Uzbekistan 24; Vanuatu 1; Venezuela 69; Viet Nam 159; Yemen 3;
Zambia 6; Zimbabwe 7
"""

SHARES = {name: int(part) / 100_000 for name, _, part in (item.strip().rpartition(" ") for item in _SHARES.split(";"))}
"""Every member's share of the regular budget, as a fraction of 1."""

LEAST_DEVELOPED = (
    "Afghanistan", "Angola", "Bangladesh", "Benin", "Burkina Faso", "Burundi", "Cambodia", "Central African Republic", "Chad", "Comoros",
    "Democratic Republic of the Congo", "Djibouti", "Eritrea", "Ethiopia", "Gambia", "Guinea", "Guinea-Bissau", "Haiti", "Kiribati",
    "Laos", "Lesotho", "Liberia", "Madagascar", "Malawi", "Mali", "Mauritania", "Mozambique", "Myanmar", "Nepal", "Niger", "Rwanda",
    "Senegal", "Sierra Leone", "Solomon Islands", "Somalia", "South Sudan", "Sudan", "Tanzania", "Timor-Leste", "Togo", "Tuvalu",
    "Uganda", "Yemen", "Zambia",
)  # fmt: skip

PERMANENT = ("China", "France", "Russia", "United Kingdom", "United States")
