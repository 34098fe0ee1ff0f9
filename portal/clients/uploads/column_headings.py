"""What the heading of a column says: which client field it holds, or that it is about somebody else.

Headings are known in English, German, Italian, French, Spanish, Portuguese, Dutch, Polish, Swedish and Danish.
"""

import re
import unicodedata

from portal.ui.text_folding import fold_text

NAME, FIRST_NAME, LAST_NAME = "name", "first-name", "last-name"
EMAIL, PHONE = "email", "phone"
LANGUAGE, TAGS, NOTE = "language", "tags", "note"
# What the address in the next column, or in the one before, is.
LABEL_NEXT, LABEL_BEFORE = "label-next", "label-before"

# Headings as `normalise_heading` returns them: “E-Mail 2” is `email`.
HEADINGS = {
    NAME: "name fullname displayname client clientname customer customername contact contactname person kunde "
    "kundenname kundin klient klientname patient patientname mandant ansprechpartner vollstandigername vorundnachname "
    "vornamenachname nachnamevorname firma company nom nomcomplet nometprenom nomecompleto nomecognome nomeecognome "
    "nombrecompleto nombreyapellidos cliente paziente paciente naam klant klantnaam namn kundnamn navn kundenavn "
    "imieinazwisko klient",
    FIRST_NAME: "firstname firstnames first forename forenames givenname givennames given vorname vornamen rufname "
    "prenom prenoms nome nombre nombres voornaam voornamen fornamn fornavn imie",
    LAST_NAME: "lastname lastnames last surname surnames familyname nachname nachnamen familienname zuname "
    "nomdefamille cognome apellido apellidos apelido apelidos sobrenome achternaam efternamn efternavn nazwisko",
    EMAIL: "email emailaddress mail mailaddress emails mailadresse emailadresse emailprivate emailprivat emailwork "
    "emailgeschaftlich elektronischepost workemail homeemail privateemail emailvalue emailaddressprimary primaryemail "
    "primaryemailaddress emailid clientemail customeremail kundenemail personalemail otheremail emailhome "
    "emailpersonal emailprimary emailother homeemailaddress workemailaddress alternateemail secondaryemail privatemail "
    "geschaftlicheemail privateemailadresse emailkunde emailpatient patientemail mailprivat emailaddresses "
    "courriel adressemail adresseemail adresseelectronique correo correoelectronico direcciondecorreo indirizzoemail "
    "postaelettronica enderecodeemail emailadres mailadres epost epostadress epostadresse adresemail",
    PHONE: "phone phonenumber phones telephone tel mobile mobilephone mobilenumber mobileno cell cellphone telefon "
    "telefonnummer telefonnr telnr telefone mobil mobiltelefon mobilnummer mobilnr handy handynummer handynr rufnummer "
    "festnetz workphone homephone phonework phonehome telefonprivat telefongeschaftlich phonemobile landline "
    "mobilephonenumber cellphonenumber cellnumber cellno telephonenumber telephoneno homephonenumber workphonenumber "
    "homenumber phonenumbermobile phonenumberhome phonenumberwork phonecell phoneprimary phoneother "
    "clientphone customerphone patientphone homemobile workmobile mobilehome mobilework mobiles "
    "homephones personalphone privatephone alternatephone secondaryphone daytimephone eveningphone dayphone "
    "carphone radiophone hometelephone worktelephone businesstelephone hometel "
    "worktel telhome telwork telmobile mobtel mob mobno "
    "telephonehome telephonework telefonmobil telefonhandy telefonfestnetz festnetznummer mobiltelefonnummer "
    "telefonmobile handyprivat handygeschaftlich mobilprivat mobilgeschaftlich privattelefon telprivat telgeschaftlich "
    "telmobil diensthandy privathandy privatnummer kundentelefon telefonkunde telefondienstlich rufnummermobil "
    "festnetzprivat telefonnummerprivat telefonnummermobil whatsapp whatsappnumber whatsappnummer smsnumber "
    "phonevalue phoneno telno contactno contactnumber primaryphone otherphone businessphone telefonogeschaftlich "
    "portable telephoneportable telephonemobile numerodetelephone movil celular telefono telefonomovil telefonocelular "
    "numerodetelefono cellulare numeroditelefono telefonocellulare telemovel numerodetelefone mobiel mobielnummer "
    "telefoon telefoonnummer mobilnummer komorka telefonkomorkowy numertelefonu",
    LANGUAGE: "language lang locale sprache spracheinstellung korrespondenzsprache langue idioma lingua taal sprak "
    "sprog jezyk",
    TAGS: "tag tags label labels group groups category categories keywords gruppe gruppen kategorie kategorien "
    "schlagwort schlagworter schlagworte merkmal merkmale etikett etiketten etiquetas etiquettes groupes grupos gruppi",
    NOTE: "note notes comment comments remark remarks memo notiz notizen bemerkung bemerkungen kommentar kommentare "
    "anmerkung anmerkungen hinweis hinweise notas remarques commentaires comentarios observaciones observacoes "
    "osservazioni opmerkingen anteckningar uwagi",
}
_TARGET_OF = {heading: target for target, headings in HEADINGS.items() for heading in headings.split()}

# Words for other people and for machines whose numbers and addresses stand on lists. Folded, as whole words.
OTHERS = frozenset(
    # Whom to call when something happens
    "ice kin nok emergency notfall notruf urgence urgences urgenza emergenza emergencia urgencia emergencias nood "
    "noodgeval awaryjny awaryjna nodfall nodsituation anhorig anhoriga parorende "
    # Family
    "parent parents guardian guardians mother mothers father fathers mom moms mum mums dad dads carer carers caregiver "
    "spouse spouses wife wifes husband husbands partner partners child childs children sibling brother sister relative "
    "family eltern elternteil mutter vater vormund betreuer betreuerin ehepartner ehefrau ehemann gatte gattin "
    "partnerin pere mere tuteur tutrice conjoint conjointe epoux epouse padre madre padres tutor tutora conyuge esposo "
    "esposa genitore genitori tutore coniuge marito moglie pai mae pais conjuge ouder ouders moeder vader voogd "
    "echtgenoot echtgenote rodzic rodzice matka ojciec opiekun malzonek malzonka mamma pappa foralder foraldrar "
    "vardnadshavare maka foraelder foraeldre mor far vaerge aegtefaelle "
    # Machines and front desks
    "fax telefax faks telefaks pager beeper telex isdn tty tdd callback switchboard reception receptionist zentrale "
    "empfang centralino centralita recepcion reception receptie vaxel omstilling recepcja "
    # People at work
    "assistant assistants assistentin assistent secretary secretaries sekretar sekretarin sekretariat sekretaer "
    "sekretaerin secretaire secretaria segretaria segreteria secretaresse sekretarka sekreterare sekretaer manager "
    "managers supervisor employer arbeitgeber vorgesetzter owner staff trainer instructor teacher teachers school "
    "lehrer lehrerin schule mitarbeiter mitarbeiterin sachbearbeiter "
    # People who sent or treat them
    "referrer referrers referral referred referring doctor doctors physician gp dentist surgeon therapist lawyer "
    "insurer insurance arzt arztin arzte hausarzt hausarztin zahnarzt therapeut therapeutin anwalt versicherung "
    "krankenkasse uberweiser zuweiser empfehlung empfohlen medecin docteur dentiste medico dottore doctora huisarts "
    "arts tandarts lekarz lakare laege tandlege".split()
)
# The same within longer words: Notfalltelefon, Erziehungsberechtigte.
OTHERS_WITHIN = re.compile(
    "emergenc|notfall|urgenc|nooddienst|noodcontact|noodnummer|erziehungsberecht|angehorig|nextofkin|sekretar|companymain"
    "|workmain|mainline|mainswitchboard|standardtelephonique|telefonzentrale|durchwahlzentrale|narmaste|rodzic|faxnummer|faxnr"
)
_ADDRESS_WORDS = frozenset(f"{HEADINGS[EMAIL]} {HEADINGS[PHONE]} nummer nr number kontakt contact".split())
_WORD_END = re.compile(r"(?<=[a-z])(?=[A-Z])")


def guess_target(heading: str) -> str:
    """Return the target that a heading names, empty if it names none."""
    name = normalise_heading(heading)
    return _TARGET_OF.get(name) or _TARGET_OF.get(re.sub("ae|oe|ue", _fold_umlaut, name), "")


def names_somebody_else(heading: str) -> bool:
    """Return whether a heading says that a column is not the client's own: an emergency contact, a parent, a fax."""
    if normalise_heading(heading) in _TARGET_OF:
        return False
    words = re.findall(r"[^\W\d_]+", fold_text(_WORD_END.sub(" ", heading)).replace("’", "'").replace("'s", ""))
    return bool(OTHERS_WITHIN.search("".join(words))) or any(map(_is_about_somebody_else, words))


def is_unknown_heading(heading: str) -> bool:
    """Return whether a heading has letters but names no target, so that nobody knows whose its column is."""
    return bool(normalise_heading(heading)) and not guess_target(heading)


def normalise_heading(heading: str) -> str:
    """Return a heading's letters in lower case, without accents, for comparisons."""
    return "".join(char for char in fold_text(heading) if char.isalpha() or unicodedata.category(char) in ("Mn", "Mc"))


def _is_about_somebody_else(word: str) -> bool:
    """Return whether a word, or the first part of a German or Dutch one, stands for somebody else."""
    return word in OTHERS or any(word[:end] in OTHERS and word[end:] in _ADDRESS_WORDS for end in range(3, len(word)))


def _fold_umlaut(match: re.Match) -> str:
    """Return the first of two letters that replace an umlaut: “ae” for “ä”."""
    return match[0][0]
