"""The cities, names and makes that the sandbox's fleets are made of."""

from typing import Final

from charge_tui.records import dataclass


@dataclass(frozen=True, slots=True)
class City:
    """A city with fleets: where it lies, what it pays with, how its plates and telephone numbers look.

    ``fee`` and ``price`` (per kWh) are in minor units of ``currency``; ``hours`` is the offset from UTC that shapes the
    day's demand; in ``plate``, ``#`` stands for a letter and ``9`` for a digit. ``weight`` is its share of the work.
    """

    name: str
    country: str
    state: str | None
    postcode: str
    latitude: float
    longitude: float
    zone: str
    hours: int
    currency: str
    fee: int
    price: int
    phone: str
    plate: str
    streets: tuple[str, ...]
    operator: str
    fleet: str
    names: str
    weight: int


_FR: Final = ("Quai de Jemmapes", "Rue Lafayette", "Avenue Jean Jaurès", "Boulevard Voltaire", "Rue de Rivoli")
_DE: Final = ("Torstraße", "Hafenstraße", "Lindenallee", "Am Güterbahnhof", "Bergmannstraße")

CITIES: Final = (
    City("Paris", "FR", "Île-de-France", "750", 48.8612, 2.3436, "Europe/Paris", 2, "eur", 1200, 49, "+33 1 00 00",
         "##-999-##", _FR, "Volt Seine", "Seine Courses", "fr", 7),
    City("Lyon", "FR", "Auvergne-Rhône-Alpes", "690", 45.7485, 4.8427, "Europe/Paris", 2, "eur", 1200, 45,
         "+33 4 00 00", "##-999-##", ("Quai Sud", "Rue de la Part-Dieu", "Cours Gambetta", "Rue Garibaldi"),
         "Volt Rhône", "Rhône Courses", "fr", 3),
    City("Berlin", "DE", "Berlin", "101", 52.5200, 13.4050, "Europe/Berlin", 2, "eur", 1000, 56, "+49 30 00",
         "B-## 9999", _DE, "Spreestrom", "Spree Logistik", "de", 5),
    City("Hamburg", "DE", "Hamburg", "204", 53.5503, 9.9920, "Europe/Berlin", 2, "eur", 1000, 54, "+49 40 00",
         "HH-## 999", _DE, "Elbkraft", "Elbe Kurier", "de", 3),
    City("Amsterdam", "NL", "Noord-Holland", "101", 52.3702, 4.8952, "Europe/Amsterdam", 2, "eur", 1150, 52,
         "+31 20 00", "##-999-#", ("Javakade", "Overtoom", "Ceintuurbaan", "Sumatrastraat"), "Gracht Energie",
         "IJ Bezorging", "nl", 3),
    City("London", "GB", None, "E1 ", 51.5074, -0.1100, "Europe/London", 1, "gbp", 950, 62, "+44 20 00",
         "##73 ###", ("Mile End Road", "Old Street", "Borough High Street", "Camden Road"), "Tideway Charge",
         "Thames Couriers", "gb", 4),
    City("København", "DK", "Hovedstaden", "21", 55.6761, 12.5683, "Europe/Copenhagen", 2, "dkk", 8900, 395, "+45 00",
         "## 99 999", ("Vesterbrogade", "Amagerbrogade", "Jagtvej", "Østerbrogade"), "Øresund Strøm", "Sund Bude",
         "dk", 2),
    City("Warszawa", "PL", "Mazowieckie", "00-", 52.2297, 21.0122, "Europe/Warsaw", 2, "pln", 4900, 219, "+48 22 00",
         "WA 99999", ("Puławska", "Grochowska", "Marszałkowska", "Towarowa"), "Wisła Prąd", "Wisła Express", "pl", 2),
    City("Zürich", "CH", "ZH", "80", 47.3769, 8.5417, "Europe/Zurich", 2, "chf", 1300, 59, "+41 44 00",
         "ZH 999 999", ("Langstrasse", "Seefeldstrasse", "Hardbrücke", "Badenerstrasse"), "Limmat Energie",
         "Limmat Kurier", "de", 2),
    City("Madrid", "ES", "Madrid", "280", 40.4168, -3.7038, "Europe/Madrid", 2, "eur", 1050, 44, "+34 91 00",
         "9999 ###", ("Calle de Alcalá", "Gran Vía", "Paseo de la Castellana", "Calle de Atocha"), "Manzanares Luz",
         "Castellana Reparto", "es", 2),
    City("Tokyo", "JP", "Tokyo", "15", 35.6595, 139.7005, "Asia/Tokyo", 9, "jpy", 1500, 55, "+81 3 00",
         "品川 399 あ 99-99", ("Meiji-dori", "Aoyama-dori", "Yamate-dori", "Komazawa-dori"), "東京チャージ",
         "Sumida Delivery", "jp", 2),
    City("Kuwait City", "KW", "Al Asimah", "13", 29.3759, 47.9774, "Asia/Kuwait", 3, "kwd", 3750, 45, "+965 22 00",
         "99-99999", ("Gulf Road", "Fahad Al-Salem Street", "Al Soor Street", "Cairo Street"), "Gulf Charge",
         "Kuwait Express", "kw", 1),
)  # fmt: skip

NAMES: Final = {
    "fr": ("Maya Okafor|Camille Laurent|Léa Fontaine|Hugo Marchand|Inès Benali|Mathieu Roux|Aïcha Diallo|Julien Mercier"
           "|Chloé Perrin|Youssef Haddad|Noé Girard|Élodie Blanchard|Karim Bensaïd|Sophie Nguyen|Théo Lemaire"),
    "de": ("Jonas Weber|Miriam Schäfer|Emre Yılmaz|Lena Krüger|Björn Hoffmann|Aylin Demir|Felix Böhm|Greta Lindner"
           "|Tobias Groß|Nina Vogel|Milan Jovanović|Clara Neumann|Jörg Maaß|Fatima El-Sayed"),
    "nl": "Sanne de Vries|Daan Bakker|Fleur van den Berg|Mohamed El Amrani|Bram Visser|Lotte Jansen|Ruben Smit",
    "gb": ("Oliver Grant|Priya Patel|Amelia Hughes|Kwame Mensah|George Whitfield|Zara Ahmed|Siobhán O’Neill"
           "|Thomas Ashworth|Grace Adeyemi|Callum Reid"),
    "dk": "Søren Kjær|Freja Nygaard|Mikkel Østergaard|Astrid Holm|Lærke Dam|Rasmus Bæk",
    "pl": "Zofia Wiśniewska|Paweł Kamiński|Łukasz Zając|Agnieszka Wójcik|Michał Dąbrowski|Katarzyna Król",
    "es": "Lucía Fernández|Álvaro Muñoz|Carmen Ibáñez|Javier Peña|Marta Núñez|Diego Ortega",
    "jp": "佐藤 健|Yuki Tanaka|鈴木 花子|Haruto Kobayashi|Aoi Yamamoto|渡辺 大輔",
    "kw": "Noura Al-Sabah|Fahad Al-Mutairi|Dana Al-Rashid|Yousef Al-Enezi|Mariam Al-Kandari",
}  # fmt: skip

MODELS: Final = (
    ("Renault", "Kangoo E-Tech", 45000, "CCS", 10),
    ("Renault", "Master E-Tech", 87000, "CCS", 5),
    ("Volkswagen", "ID. Buzz Cargo", 79000, "CCS", 9),
    ("Ford", "E-Transit", 68000, "CCS", 9),
    ("Mercedes-Benz", "eVito", 60000, "CCS", 6),
    ("Peugeot", "e-Expert", 75000, "CCS", 8),
    ("Tesla", "Model Y", 75000, "CCS", 6),
    ("Hyundai", "Ioniq 5", 77400, "CCS", 4),
    ("Nissan", "Leaf", 39000, "CHAdeMO", 4),
    ("Nissan", "e-NV200", 40000, "CHAdeMO", 4),
    ("Piaggio", "Porter EV", 24000, "Type2", 3),
    ("Renault", "Zoe", 52000, "Type2", 5),
    ("Citroën", "ë-Berlingo", 50000, "CCS", 6),
)
"""Make, model, battery in Wh, charging standard, and how common it is."""

PLACES: Final = (
    "Gare", "Hub", "Depot", "Park & Charge", "Market", "Arena", "Station", "Plaza", "Docks", "Campus", "Ring", "Garage",
    "North", "South", "East", "West",
)  # fmt: skip

DEMAND: Final = (15, 12, 10, 10, 14, 30, 60, 95, 100, 80, 65, 60, 85, 95, 75, 65, 70, 90, 100, 85, 65, 50, 35, 22)
"""How much of the busiest hour's demand each local hour of the day has, in percent."""
