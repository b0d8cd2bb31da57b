"""Names and their usual Latin spellings: people whose names are known in both, and people who are not to be mixed up.

The spellings are those under which these people and firms are known; the rules are those of the Royal Institute of
Thailand, the Academy of the Hebrew Language, the Revised Romanization and McCune-Reischauer of Korean, ALA-LC and
BGN/PCGN of Arabic and Russian, and ELOT 743 of Greek.
"""

from __future__ import annotations

import pytest

from crossbook.trade.degree import Degree
from crossbook.trade.letters import romanises
from crossbook.trade.names import same_name
from crossbook.trade.transliteration import arabic_sounds, korean_sounds

ONE_PERSON = [
    ("ทักษิณ ชินวัตร", "Thaksin Shinawatra"),
    ("ยิ่งลักษณ์ ชินวัตร", "Yingluck Shinawatra"),
    ("อภิสิทธิ์ เวชชาชีวะ", "Abhisit Vejjajiva"),
    ("ชวน หลีกภัย", "Chuan Leekpai"),
    ("สมชาย วงศ์สวัสดิ์", "Somchai Wongsawat"),
    ("สุจินดา คราประยูร", "Suchinda Kraprayoon"),
    ("จันทร์เพ็ญ ใจดี", "JANPEN JAIDEE"),
    ("דוד בן גוריון", "David Ben Gurion"),
    ("גולדה מאיר", "Golda Meir"),
    ("משה שרת", "Moshe Sharett"),
    ("יצחק רבין", "Yitzhak Rabin"),
    ("יצחק רבין", "Rabin, Itzhak"),
    ("חיים ויצמן", "Chaim Weizmann"),
    ("חיים הרצוג", "Haim Herzog"),
    ("שמעון פרס", "Shimon Peres"),
    ("יוסף טרומפלדור", "Joseph Trumpeldor"),
    ("رشيد كرامي", "Rachid Karame"),
    ("رفيق الحريري", "Rafic Hariri"),
    ("طارق عزيز", "Tarek Aziz"),
    ("عبد الرحمن عارف", "Abdul Rahman Arif"),
    ("عبد الرحمن عارف", "Abdel-Rahman Aref"),
    ("عبد الله قاسم", "Abdallah Kassem"),
    ("Анна Щербакова", "Anna Schtscherbakowa"),
    ("Дмитрий Жуков", "Dmitrij Schukow"),
    ("Юрий Хрущёв", "Jurij Chruschtschow"),
    ("Алексей Щукин", "Alexeï Chtchoukine"),
    ("Ντίνος Μπουρνάς", "Dinos Bournas"),
    ("Ганна Коваленко", "Hanna Kovalenko"),
    ("Олександр Гавриленко", "Olexandr Havrylenko"),
    ("نور الدين بن يحيى", "Noureddine Ben Yahia"),
    ("حسين جابر", "Hocine Djaber"),
    ("محمد علي", "Mohd Ali"),
    ("مهدی رضاییان", "Mehdi Rezaeian"),
    ("حميد رضا قاسم پور", "حمید رضا قاسم\u200cپور"),
    ("Hamid Reza Qasempour", "Hamid Reza Ghasempour"),
    ("Наталья Иванова", "Natasha Ivanova"),
    ("리명국", "Ri Myong Guk"),
    ("이명국", "리명국"),
    ("Chang Chien-kuo", "Zhang Jianguo"),
    ("류현진", "Ryu Hyun-jin"),
    ("류현진", "Hyeonjin Yu"),
    ("김도윤", "Kim Do-yun"),
    ("王德明", "Wang De Ming"),
    ("明 李", "李明"),
    ("민준 김", "김민준"),
    ("Mohamed Elbaradei", "Muhammad El-Baradei"),
    ("Abdel Rahman Khaled", "Abdul Rahman Khalid"),
    ("Tarek Mansour", "Tariq Mansur"),
    ("Kim Ki-moon", "Gim Kimun"),
    ("Kim Young-sam", "Gim Yeongsam"),
    ("Park Chung-hee", "Bak Jeonghui"),
    ("Yegor Gaidar", "Egor Gaidar"),
    ("Yevgeny Primakov", "Evgenii Primakov"),
    ("Vladimir Alekseyev", "Vladimir Alekseev"),
    ("Fyodor Grigoryev", "Fedor Grigorev"),
    ("Фёдор Григорьев", "Fyodor Grigoriev"),
    ("Christos Economou", "Hristos Oikonomou"),
    ("Χρήστος Οικονόμου", "Christos Economou"),
    ("Mikhail Baryshnikov", "Misha Baryshnikov"),
    ("Francisco Villanueva", "Paco Villanueva"),
    ("Bosch Gesellschaft mit beschränkter Haftung", "Bosch GmbH"),
    ("Swarovski Ges.m.b.H.", "Swarovski GmbH"),
    ("Ferrero Società a responsabilità limitata", "Ferrero S.r.l."),
    ("Comarch Sp. z o.o.", "COMARCH SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ"),
    ("Kaspersky Limited Liability Company", "Kaspersky LLC"),
    ("Общество с ограниченной ответственностью Яндекс", "ООО Яндекс"),
]

TWO_PEOPLE = [
    ("ทักษิณ ชินวัตร", "Yingluck Shinawatra"),
    ("สมชาย วงศ์สวัสดิ์", "Somsak Wongsawat"),
    ("ชวน หลีกภัย", "Chai Leekpai"),
    ("วันดี ใจดี", "Wanna Jaidee"),
    ("דן כהן", "Dina Cohen"),
    ("יצחק רבין", "Leah Rabin"),
    ("רחל לוי", "Rachman Levi"),
    ("جمال ناصر", "Jamila Nasser"),
    ("منى عباس", "Amina Abbas"),
    ("رفيق الحريري", "Saad Hariri"),
    ("Hassan Mansour", "Hussein Mansour"),
    ("Samir Khalil", "Samar Khalil"),
    ("Alan Baker", "Ellen Baker"),
    ("Karen Hughes", "Karin Hughes"),
    ("Kim Min-ji", "Kim Min-ju"),
    ("Park Ji-hun", "Park Ji-hyun"),
    ("李 明", "王明"),
    ("Evgeny Primakov", "Evgenia Primakova"),
    ("Misha Baryshnikov", "Grigory Baryshnikov"),
    ("Bosch GmbH", "Bosch AG"),
    ("Иван Жуков", "Iwan Schulkow"),
    ("Сергей Щукин", "Serge Chichkine"),
    ("Ντίνος Μπουρνάς", "Dinos Pournas"),
    ("Zhang Jian", "Zhang Qian"),
    ("리명국", "Ri Song Chol"),
    ("Olena Havrylenko", "Oksana Gavrilenko"),
    ("محمد علي", "Mohd Omar"),
]


@pytest.mark.parametrize(("a", "b"), ONE_PERSON)
def test_usual_spellings_are_one_person(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)
    assert same_name(a, b) in (Degree.SAME, Degree.MAY_BE)


@pytest.mark.parametrize(("a", "b"), TWO_PEOPLE)
def test_other_people_stay_other_people(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)
    assert same_name(a, b) in (Degree.FAMILY, Degree.DIFFERENT)


def test_a_vowel_at_the_end_has_a_letter_of_its_own() -> None:
    assert romanises("dina", "דינה", "hebrew") and romanises("dinah", "דינה", "hebrew")
    assert not romanises("dan", "דינה", "hebrew") and not romanises("dina", "דן", "hebrew")


def test_thai_words_end_as_they_sound_or_as_they_are_spelled() -> None:
    assert all(romanises(x, "สวัสดิ์", "thai") for x in ("sawat", "sawad", "sawas"))
    assert all(romanises(x, "กมล", "thai") for x in ("kamon", "kamol"))
    assert not romanises("sawang", "สวัสดิ์", "thai")


def test_sounds_that_spellings_share() -> None:
    assert korean_sounds("hyunwoo") & korean_sounds("hyeonu")
    assert not korean_sounds("hyun") & korean_sounds("hun")
    assert arabic_sounds("naggar") & arabic_sounds("najjar")
    assert not arabic_sounds("hassan") & arabic_sounds("hussein")
