"""Ten stories of an organisation that doesn't exist, for the demo's site. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
MONTHS_FR = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_FR = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Story:
    """One post of the site. `age`: how long ago it was published; `html` may hold {english} and {french} dates."""

    id: int
    slug: str
    age: timedelta
    title: str
    terms: tuple[str, ...]
    html: str
    author: str = "Press office"
    ahead: int = 0  # days until the event or deadline that {english} and {french} name

    def body(self, now: datetime) -> str:
        """The HTML with its dates put in."""
        day = now + timedelta(days=self.ahead)
        english = f"{DAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"
        french = f"{DAYS_FR[day.weekday()]} {day.day} {MONTHS_FR[day.month - 1]} {day.year}"
        return self.html.replace("{english}", english).replace("{french}", french)


STORIES = (
    Story(
        4127,
        "webinar-survivor-led-services",
        timedelta(minutes=50),
        "Webinar: What survivor-led services need from governments",
        ("Events", "Survivor leadership", "United Nations"),
        """<p>Who decides what support looks like after exploitation? On <strong>{english}, from 15:00 to 16:30
(CET)</strong>, the Halden Bridge Coalition invites you to an online discussion with women who have built and now run
services in four countries.</p>
<h2>Speakers</h2>
<ul>
<li>Amara Nwosu, founder of Open Table, Enugu</li>
<li>Ilse Verhoeven, Member of the European Parliament</li>
<li>Dr. Meena Raghavan, public health researcher, Pune</li>
<li>Moderator: Claire Fontanel, Halden Bridge Coalition</li>
</ul>
<p>The panel will look at housing, legal status and income in the first two years, and at what public budgets leave
out. There will be interpretation in English, French and Spanish.</p>
<p>Attendance is free: <a href="https://www.example.org/register/survivor-led-services/">register here</a> to
receive the link.</p>""",
        ahead=9,
    ),
    Story(
        4119,
        "open-letter-85-organisations",
        timedelta(hours=7),
        "85 organisations call on the Council to keep victims&#8217; rights in the budget",
        ("Advocacy", "European Union", "Press release"),
        """<p>In an open letter published today, 85 organisations from 31 countries ask the ministers of justice of
the European Union to restore the funding line for victims&#8217; rights, which the draft budget cuts by 40
percent.</p>
<p>&#8220;A right that nobody funds is a sentence on paper,&#8221; says Claire Fontanel, director of the
Halden Bridge Coalition, which coordinated the letter. &#8220;Shelters plan in years. Budgets that change every
spring close doors.&#8221;</p>
<p>The signatories ask for three things: a ring-fenced line until 2034, direct access for small organisations, and a
yearly public account of what was spent.</p>
<p>Organisations that wish to join can <a href="https://www.example.org/open-letter/sign/">add their name</a> until
the vote.</p>""",
    ),
    Story(
        4115,
        "proposition-de-loi-avis",
        timedelta(hours=20),
        "Proposition de loi sur l&#8217;accompagnement : un pas en avant, des moyens à garantir",
        ("Plaidoyer", "France", "Communiqué"),
        """<p>La Coalition du Pont de Halden salue l&#8217;adoption en première lecture de la proposition de loi
relative à l&#8217;accompagnement des personnes victimes d&#8217;exploitation sexuelle. Le texte ouvre le parcours de
sortie à toutes les personnes concernées, quel que soit leur titre de séjour.</p>
<p>« Ce vote reconnaît enfin que la protection ne peut pas attendre un guichet », souligne Samira Bellecour, juriste
de la coalition. « Il reste à écrire dans la loi ce qui la rendra réelle : des places d&#8217;hébergement et des
équipes formées. »</p>
<p>Nous demandons aux sénatrices et sénateurs de garantir un financement sur cinq ans et de publier chaque année le
nombre de parcours ouverts dans chaque département.</p>""",
        author="Service presse",
    ),
    Story(
        4108,
        "last-girl-first-week-two",
        timedelta(days=1, hours=4),
        "Last Girl First: second week of the campaign opens in six cities",
        ("Campaign", "Last Girl First", "Gender equality"),
        """<p>The second week of our campaign opens this morning in Dakar, Delhi, Lyon, Manila, Montréal and Tunis.
Local teams will meet mayors, teachers and health workers around one question: what would our city look like if it
began with the girl who has the least?</p>
<p>In Tunis, the week begins with a reading by the poet Nour El Haddad, whose line gives the exhibition its name:</p>
<blockquote><p lang="ar" dir="rtl">«لكلّ فتاةٍ الحقُّ في أن تبدأ يومها بلا خوف.»</p></blockquote>
<p>Everyone can take part: the <a href="https://www.example.org/campaign/toolkit/">toolkit</a> holds posters, a lesson
plan for schools and a letter to your town council.</p>""",
    ),
    Story(
        4101,
        "report-two-years-after",
        timedelta(days=1, hours=22),
        "New report: two years after leaving, three in four women still lack stable housing",
        ("Publications", "Housing", "Human rights"),
        """<p>Our new report follows 412 women in nine countries over two years. It is the first study of its size
that was designed together with survivors.</p>
<h2>Key figures</h2>
<ul>
<li>74% had no stable housing after two years.</li>
<li>58% had found paid work; fewer than half of them had a contract.</li>
<li>In cities with one single contact person, the wait for papers fell from 14 months to 5.</li>
</ul>
<p>The figures show that support works where it lasts. The report closes with eleven recommendations for
municipalities and ministries.</p>
<p><a href="https://www.example.org/reports/two-years-after/">Read the report</a> (PDF, 64 pages, English and
French).</p>""",
    ),
    Story(
        4096,
        "call-small-grants",
        timedelta(days=2, hours=6),
        "Call for applications: small grants for survivor-led groups",
        ("Call for applications", "Funding", "Survivor leadership"),
        """<p>Groups founded and led by survivors can now apply for grants of up to 8,000 euros for projects of six to
twelve months. The fund supports peer mentoring, legal information, training and the first months of a
cooperative.</p>
<p>Applications are open to registered and unregistered groups in all countries and can be written
in English, French, Spanish or Arabic. A short video may take the place of the written form.</p>
<p><strong>Deadline: {english}.</strong> The <a href="https://www.example.org/grants/apply/">application form</a> and
the questions and answers are online.</p>""",
        ahead=24,
    ),
    Story(
        4090,
        "retour-sur-la-rencontre-de-dakar",
        timedelta(days=3, hours=3),
        "Retour sur la rencontre de Dakar : quatorze pays, une feuille de route",
        ("Événements", "Afrique de l&#8217;Ouest", "Droits des femmes"),
        """<p>Pendant trois jours, cent vingt participantes venues de quatorze pays ont comparé ce qui protège
vraiment : l&#8217;école qui garde sa place, la sage-femme qui pose la bonne question, le transport de nuit.</p>
<p>La feuille de route adoptée samedi prévoit un réseau régional de référentes dans les hôpitaux et une ligne
d&#8217;écoute commune en français, wolof et anglais d&#8217;ici dix-huit mois.</p>
<p>Les interventions et les photos sont <a href="https://www.example.org/fr/dakar/">en ligne</a>.</p>""",
        author="Service presse",
    ),
    Story(
        4083,
        "statement-online-platforms-act",
        timedelta(days=4, hours=5),
        "Statement on the Online Platforms Act: duties must reach advertising sites",
        ("Advocacy", "Digital policy", "Press release"),
        """<p>The Halden Bridge Coalition welcomes the agreement on the Online Platforms Act, which obliges large
services to remove content that exploits children within hours and to keep the evidence for investigators.</p>
<p>One gap remains. Small advertising sites, where most recruitment takes place, are exempt until they reach one
million users. We ask the rapporteurs to tie the duty to the risk of a service, not to its size.</p>
<p>Our <a href="https://www.example.org/briefings/platforms-act/">briefing</a> proposes the wording of two
amendments.</p>""",
    ),
    Story(
        4077,
        "thank-you-night-walk",
        timedelta(days=5, hours=2),
        "Thank you: 3,200 people walked with us",
        ("Community", "Fundraising"),
        """<p>On Saturday evening 3,200 people in eleven towns walked with lanterns, from the town hall to the river
and back. Some walked with their school class, some with their choir, one with a very patient donkey.</p>
<p>Together you raised 46,500 euros, which pays for one year of the evening legal clinic in Lyon. To every walker,
steward and baker of late soup: thank you.</p>
<p>The next walk takes place next year. Until then, we will tell you here what becomes of every euro.</p>""",
        author="Community team",
    ),
    Story(
        4070,
        "hindi-helpline-guide",
        timedelta(days=6, hours=1),
        "A guide for helpline teams, now also in Hindi",
        ("Publications", "Training", "South Asia"),
        """<p>The guide for helpline teams is now available in Hindi. It was translated by the volunteers of the Pune
line and tested with callers for three months.</p>
<p>Its first sentence sets the tone: <q lang="hi">हर कॉल की शुरुआत सुनने से होती है।</q> (&#8220;Every call begins
with listening.&#8221;)</p>
<p>The guide explains how to speak with callers who can&#8217;t speak freely, how to keep notes safely and how to care
for the team. It can be <a href="https://www.example.org/guides/helpline-hi/">downloaded free of charge</a>.</p>""",
    ),
)
