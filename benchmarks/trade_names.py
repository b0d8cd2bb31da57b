"""Made-up people and firms in ten scripts, each name with the way it is written in Latin letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

# script: (family names, given names, countries); each name as written and as romanised, with variants after "/"
_LISTS: dict[str, tuple[str, str, str]] = {
    "latin": (
        "Abbott Acker Albrecht Aldridge Ambrose Anders Archer Arnaud Ashford Atwood Baxter Beaumont Bellamy Benedetti "
        "Berglund Blackwell Bonnet Boswell Bouchard Brandt Calder Callahan Carlisle Castellano Chandler Colbert "
        "Connolly Corbett Crawford Dahl Dalton Delacroix Donovan Drummond Eastman Eklund Faulkner Ferrara Fitzgerald "
        "Fontaine Gallagher Gardiner Gerhardt Goodwin Granger Hagen Haldane Hartmann Hawthorne Hennessy Holloway "
        "Ibarra Jansen Jarvis Kavanagh Keller Kirkland Lachance Langley Larsen Lombardi Maddox Marchetti McAllister "
        "Mercer Montague Nielsen Nordstrom Oakley Olivares Pemberton Pereira Quinn Radcliffe Redmond Rinaldi Rossi "
        "Salinger Sandoval Schreiber Sinclair Sorensen Stanton Sutherland Tanner Thornton Underwood Valdez Vandermeer "
        "Vaughan Wakefield Weiss Whitaker Winslow Yates Zimmerman Zapata Zeller",
        "Adrian Agnes Albert Alice Amanda Andrea Anton Audrey Beatrice Benjamin Bernard Bianca Brendan Bridget Caleb "
        "Camilla Carmen Cecilia Charles Claire Clara Conrad Curtis Cynthia Damian Deborah Dennis Diana Dominic Edgar "
        "Edith Eleanor Elias Emil Erica Esther Eugene Fabian Felicity Fiona Frances Frederick Gareth Gemma Gerald "
        "Gloria Gordon Gregory Harriet Hector Helena Herbert Howard Ingrid Irene Isabel Ivan Jacob Janet Jasmine "
        "Jerome Joanna Julian Justine Katrina Kenneth Laura "
        "Leonard Lorenzo Louise Lydia Marcus Margaret Martha Maurice "
        "Melissa Miriam Monica Natalie Nicholas Nigel Norman Olga Oswald Pamela Patrick Pauline Philip Rachel Raymond "
        "Rebecca Roland Rosalind Rupert Samuel Sebastian Sheila Silvia Simon Stella Sylvester Teresa Theodore Tobias "
        "Ursula Valerie Vanessa Victor Vincent Vivian Walter Wendy",
        "US US US US CA GB DE FR AU",
    ),
    "han": (
        "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao "
        "黄=Huang 周=Zhou 吴=Wu 徐=Xu 孙=Sun 胡=Hu 朱=Zhu 高=Gao "
        "林=Lin 何=He 郭=Guo 马=Ma 罗=Luo 梁=Liang 宋=Song "
        "郑=Zheng 谢=Xie 韩=Han 唐=Tang 冯=Feng 于=Yu 董=Dong 萧=Xiao",
        "伟=Wei 芳=Fang 娜=Na 秀英=Xiuying 敏=Min 静=Jing 丽=Li 强=Qiang 磊=Lei 军=Jun 洋=Yang 勇=Yong 艳=Yan 杰=Jie "
        "娟=Juan 涛=Tao 明=Ming 超=Chao 秀兰=Xiulan 霞=Xia 平=Ping 刚=Gang 桂英=Guiying 建国=Jianguo 文静=Wenjing "
        "志强=Zhiqiang 海燕=Haiyan 晓东=Xiaodong 雪梅=Xuemei "
        "子涵=Zihan 宇轩=Yuxuan 欣怡=Xinyi 浩然=Haoran 嘉欣=Jiaxin",
        "SG MY US AU",
    ),
    "cyrillic": (
        "Соколов=Sokolov Козлов=Kozlov Новиков=Novikov "
        "Морозов=Morozov Волков=Volkov Лебедев=Lebedev Егоров=Egorov/Yegorov "
        "Павлов=Pavlov Степанов=Stepanov Орлов=Orlov Андреев=Andreev/Andreyev Макаров=Makarov Никитин=Nikitin "
        "Захаров=Zakharov Зайцев=Zaitsev/Zaytsev "
        "Борисов=Borisov Яковлев=Yakovlev/Iakovlev Григорьев=Grigoriev/Grigoryev "
        "Щербаков=Shcherbakov/Scherbakov Жуков=Zhukov Хохлов=Khokhlov "
        "Цветков=Tsvetkov Шишкин=Shishkin Юдин=Yudin/Iudin",
        "Дмитрий=Dmitry/Dmitrii Сергей=Sergey/Sergei Алексей=Alexey/Aleksei "
        "Андрей=Andrey/Andrei Михаил=Mikhail Иван=Ivan "
        "Николай=Nikolay/Nikolai Евгений=Evgeny/Yevgeniy Юрий=Yury/Yuri Фёдор=Fyodor/Fedor Павел=Pavel Игорь=Igor "
        "Олег=Oleg Василий=Vasily/Vasilii Георгий=Georgy/Georgii "
        "Артём=Artyom/Artem Максим=Maxim/Maksim Виктор=Viktor/Victor",
        "KZ BG RS KZ",
    ),
    "hangul": (
        "김=Kim/Gim 이=Lee/Yi 박=Park/Bak 최=Choi/Choe 정=Jung/Jeong 강=Kang/Gang 조=Cho/Jo 윤=Yoon/Yun 장=Jang/Chang "
        "임=Lim/Im 한=Han 오=Oh/O 서=Seo/Suh 신=Shin/Sin 권=Kwon/Gwon 황=Hwang 안=Ahn/An 송=Song 류=Ryu/Yu 홍=Hong",
        "민수=Minsu/Min-soo 지훈=Jihoon/Ji-hun 서연=Seoyeon/Seo-yeon "
        "지우=Jiwoo/Ji-u 현우=Hyunwoo/Hyeon-u 수진=Sujin/Soo-jin "
        "영희=Younghee/Yeong-hui 준호=Junho/Jun-ho 은지=Eunji/Eun-ji "
        "하윤=Hayoon/Ha-yun 도윤=Doyoon/Do-yun 미영=Miyoung/Mi-yeong "
        "성호=Sungho/Seong-ho 유진=Yujin/Yoo-jin 태현=Taehyun/Tae-hyeon "
        "혜진=Hyejin/Hye-jin 동훈=Donghoon/Dong-hun 보람=Boram",
        "KR",
    ),
    "kana": (
        "さとう=Sato/Satō すずき=Suzuki たかはし=Takahashi "
        "たなか=Tanaka わたなべ=Watanabe いとう=Ito/Itō やまもと=Yamamoto "
        "なかむら=Nakamura こばやし=Kobayashi かとう=Kato/Katō "
        "よしだ=Yoshida ササキ=Sasaki マツモト=Matsumoto イノウエ=Inoue "
        "キムラ=Kimura シミズ=Shimizu ハヤシ=Hayashi モリ=Mori アベ=Abe イケダ=Ikeda",
        "はなこ=Hanako たろう=Taro/Tarō ゆき=Yuki けんじ=Kenji "
        "さくら=Sakura ひろし=Hiroshi あやか=Ayaka だいすけ=Daisuke "
        "ナオミ=Naomi タクヤ=Takuya ミサキ=Misaki ショウタ=Shota/Shōta "
        "ユウコ=Yuko/Yūko リョウ=Ryo/Ryō エミ=Emi ケイコ=Keiko",
        "JP",
    ),
    "arabic": (
        "الحسن=Alhassan/Al-Hasan المنصور=Almansour/Al-Mansur الخطيب=Alkhatib/El-Khatib حداد=Haddad نجار=Najjar/Naggar "
        "الشامي=Alshami/Al-Shamy سليمان=Suleiman/Soliman "
        "منصور=Mansour/Mansur صالح=Saleh/Salih الفارسي=Alfarsi/Al-Farisi "
        "قاسم=Qasim/Kassem البغدادي=Albaghdadi/Al-Baghdadi درويش=Darwish/Darwich رمضان=Ramadan/Ramadhan",
        "محمد=Mohammed/Muhammad أحمد=Ahmed/Ahmad يوسف=Youssef/Yusuf "
        "خالد=Khaled/Khalid عمر=Omar/Umar فاطمة=Fatima/Fatma "
        "مريم=Mariam/Maryam حسين=Hussein/Husain عبدالله=Abdullah/Abdallah "
        "ليلى=Layla/Leila سعيد=Saeed/Said نور=Noor/Nur "
        "إبراهيم=Ibrahim/Ebrahim طارق=Tariq/Tarek زينب=Zainab/Zeinab",
        "AE SA EG KW",
    ),
    "thai": (
        "ใจดี=Jaidee สุขสวัสดิ์=Suksawat ทองดี=Thongdee "
        "ศรีสุข=Srisuk แสงทอง=Saengthong วงศ์ไทย=Wongthai บุญมี=Bunmee/Boonmee "
        "จันทร์เพ็ญ=Chanpen มีสุข=Meesuk รักไทย=Rakthai พงษ์พันธ์=Pongpan สมบูรณ์=Somboon",
        "สมชาย=Somchai สมหญิง=Somying วิชัย=Wichai/Vichai มาลี=Malee/Mali ประเสริฐ=Prasert อรุณ=Arun นิภา=Nipha/Nipa "
        "กมล=Kamon/Kamol สุดา=Suda ชัยวัฒน์=Chaiwat พิมพ์=Pim วราภรณ์=Waraporn ณัฐ=Nat ธนา=Thana",
        "TH",
    ),
    "greek": (
        "Παπαδόπουλος=Papadopoulos Νικολάου=Nikolaou Γεωργίου=Georgiou Δημητρίου=Dimitriou Κωνσταντίνου=Konstantinou "
        "Αντωνίου=Antoniou Χριστοδούλου=Christodoulou/Hristodoulou "
        "Βασιλείου=Vasileiou/Vassiliou Οικονόμου=Oikonomou/Economou "
        "Καραγιάννης=Karagiannis Μακρής=Makris Σταθόπουλος=Stathopoulos",
        "Γιώργος=Giorgos/Yiorgos Μαρία=Maria Δημήτρης=Dimitris Ελένη=Eleni Κώστας=Kostas/Costas Σοφία=Sofia/Sophia "
        "Νίκος=Nikos/Nicos Κατερίνα=Katerina Παναγιώτης=Panagiotis Άννα=Anna Θανάσης=Thanasis Ιωάννα=Ioanna/Joanna",
        "GR CY",
    ),
    "hebrew": (
        "כהן=Cohen/Kohen לוי=Levi/Levy מזרחי=Mizrahi/Mizrachi "
        "פרץ=Peretz/Perets ביטון=Biton/Bitton דהן=Dahan אברהם=Avraham "
        "פרידמן=Friedman/Fridman שפירא=Shapira/Shapiro גולן=Golan",
        "יוסף=Yosef/Joseph דוד=David רחל=Rachel/Rahel שרה=Sarah/Sara משה=Moshe "
        "מרים=Miriam יעל=Yael נועם=Noam תמר=Tamar אורי=Uri/Ori",
        "IL",
    ),
}
FAMILY_FIRST = {"han", "hangul", "kana"}
SCRIPTS = tuple(_LISTS)
_CITIES = {
    "US": "Portland Denver Austin Columbus Raleigh Tucson Omaha Boise",
    "CA": "Calgary Halifax",
    "GB": "Leeds Bristol",
    "DE": "Kassel Bremen",
    "FR": "Nantes Dijon",
    "AU": "Perth Hobart",
    "SG": "Singapore",
    "MY": "Ipoh Penang",
    "KZ": "Almaty Karaganda",
    "BG": "Plovdiv Varna",
    "RS": "Novi-Sad Nis",
    "KR": "Busan Daegu Incheon",
    "JP": "Nagoya Sendai Kobe",
    "AE": "Dubai Sharjah",
    "SA": "Jeddah Riyadh",
    "EG": "Cairo Giza",
    "KW": "Hawalli",
    "TH": "Bangkok Chiang-Mai",
    "GR": "Patras Volos",
    "CY": "Limassol",
    "IL": "Haifa Ashdod",
}
_STREETS = (
    "Alder Ash Aspen Bayview Birch Bramble Brook Canal "
    "Cedar Chapel Cherry Chestnut Church Clover Copper Cypress Dogwood "
    "Elm Fairview Fern Forest Garden Glen Grove Harbor "
    "Hawthorn Hazel Heather Hickory Highland Hill Holly Juniper Lake "
    "Larch Laurel Linden Magnolia Maple Market Meadow Mill Moss Oak Olive Orchard Park Pine Poplar Quarry Ridge River "
    "Rose Rowan Sage School Spring Spruce Station Summit Sycamore Thistle Valley Walnut Water Willow Winter Wood"
).split()
_KINDS = "Street Avenue Road Lane Drive Court Way Close".split()
_FIRMS = (
    "Alpine Aurora Beacon Bluewater Bright Cascade Cobalt Coral Crescent Delta Eagle Evergreen Falcon Golden Granite "
    "Harbour Horizon Iron Jade Lakeside Meridian Northern Orchid Pacific Pioneer Quantum Silver Summit Sunrise Vertex"
).split()
_TRADES = "Trading Outfitters Supplies Imports Camping Sports Leisure Distribution".split()


@dataclass(frozen=True, kw_only=True)
class Person:
    """A buyer: family and given name as written and in Latin letters (two spellings), and how to reach them."""

    script: str
    family: str
    given: str
    family_latin: tuple[str, ...]
    given_latin: tuple[str, ...]
    country: str
    address: str
    city: str
    postcode: str
    phone: str
    email: str
    account: str
    firm: str = ""

    @property
    def name(self) -> str:
        if self.firm:
            return self.firm
        if self.script == "han" or self.script == "hangul":
            return self.family + self.given
        return f"{self.family} {self.given}" if self.script == "kana" else f"{self.given} {self.family}"

    def latin(self, spelling: int = 0) -> str:
        """The name in Latin letters, given name first, in one spelling or another."""
        given, family = (x[spelling % len(x)] for x in (self.given_latin, self.family_latin))
        return f"{given} {family}"

    def living_at(self, other: Person) -> Person:
        return replace(self, country=other.country, address=other.address, city=other.city, postcode=other.postcode)


def _drawn(rng: Random, text: str) -> tuple[str, tuple[str, ...]]:
    native, _, latin = rng.choice(text.split()).partition("=")
    return native, tuple((latin or native).split("/"))


def person(rng: Random, script: str = "") -> Person:
    """A person of a script; without one, of Latin letters six times in ten."""
    script = script or ("latin" if rng.random() < 0.6 else rng.choice(SCRIPTS[1:]))
    families, givens, countries = _LISTS[script]
    (family, family_latin), (given, given_latin) = _drawn(rng, families), _drawn(rng, givens)
    country = rng.choice(countries.split())
    number = rng.randrange(10**9)
    return Person(
        script=script,
        family=family,
        given=given,
        family_latin=family_latin,
        given_latin=given_latin,
        country=country,
        address=f"{rng.randint(1, 9899)} {rng.choice(_STREETS)} {rng.choice(_KINDS)}",
        city=rng.choice(_CITIES[country].split()).replace("-", " "),
        postcode=f"{rng.randint(10000, 99899)}",
        phone=f"+{rng.randint(20, 98)} {rng.randint(200, 999)} {number:09d}",
        email=f"{given_latin[0]}.{family_latin[0]}{number % 99991}@example.org".lower()
        .replace("ō", "o")
        .replace("ū", "u"),
        account=f"AC{number:09d}{rng.randrange(10**6):06d}",
    )


def firm(rng: Random, suffix: str = "Ltd", country: str = "US") -> Person:
    """A firm that buys."""
    who = person(rng, "latin")
    name = f"{rng.choice(_FIRMS)} {rng.choice(_FIRMS)} {rng.choice(_TRADES)} {suffix}".strip()
    city = rng.choice(_CITIES[country].split())
    return replace(who, firm=name, country=country, city=city)


def strangers(rng: Random, number: int, script: str = "") -> list[Person]:
    """People of whom no two have the same family or given name."""
    found: list[Person] = []
    while len(found) < number:
        one = person(rng, script)
        if all(one.family != x.family and one.given != x.given for x in found):
            found.append(one)
    return found
