//! The names that exports give to their columns, folded to lower-case letters and digits.
//! Names that only look like a field (`Email Status`, `Contact Owner`) are listed nowhere and stay unmapped.

use super::field::Field;

/// Preference of a column among those of one field: the lower, the better.
pub(super) type Rank = u8;

/// A mobile number takes texts.
pub(super) const MOBILE: Rank = 0;
/// A line that rings at the person's desk.
pub(super) const DIRECT: Rank = 10;
/// A number that the list does not describe.
pub(super) const PLAIN: Rank = 20;
/// The last resort among personal columns.
pub(super) const OTHER: Rank = 30;
/// What a company has, and many people share.
pub(super) const CORPORATE: Rank = 50;

/// Each group: field, preference, names divided by spaces. Of two columns of one group the first in the file wins.
pub(super) const SYNONYMS: &[(Field, Rank, &str)] = &[
    (
        Field::FirstName,
        PLAIN,
        "firstname owner1firstname first givenname forename fname given namefirst firstnames \
         christianname preferredname ownerfirstname ownerfirst contactfirst vorname prenom nombre",
    ),
    (
        Field::LastName,
        PLAIN,
        "lastname owner1lastname last surname familyname lname namelast secondname ownerlastname \
         ownerlast contactlast nachname nomdefamille apellido apellidos",
    ),
    (
        Field::FullName,
        PLAIN,
        "fullname name contactname contact contactfullname contactperson keycontact maincontact \
         personname leadname displayname executivename executive decisionmaker attention attn",
    ),
    (
        Field::FullName,
        OTHER,
        "ownername owner1fullname owner ownerfullname businessowner businessownername \
         propertyowner propertyownername owner1 owner1name proprietor principalname \
         registrantname",
    ),
    (
        Field::Email,
        PLAIN,
        "email email1value emailaddress workemail businessemail workemailaddress mail emailid \
         contactemail emails emailwork professionalemail verifiedemail correo emailadresse",
    ),
    (
        Field::Email,
        OTHER,
        "secondaryemail otheremail tertiaryemail alternateemail additionalemail \
         additionalemailaddresses personalemail homeemail privateemail",
    ),
    (
        Field::Email,
        CORPORATE,
        "corporateemail generalemail infoemail officeemail",
    ),
    (
        Field::Phone,
        MOBILE,
        "mobilephone mobile mobilephonenumber mobilenumber mobileno cell cellphone cellular \
         cellphonenumber cellnumber mob mobphone personalmobile contactmobile phonemobile \
         mobiletelephone handphone whatsapp whatsappphonenumber smsphone smsnumber wirelessphone",
    ),
    (
        Field::Phone,
        DIRECT,
        "workdirectphone directphone directdial directline ddi directnumber direct \
         directdialphone",
    ),
    (
        Field::Phone,
        PLAIN,
        "phone phone1value phonenumber telephone telephonenumber tel telno phoneno contactphone \
         contactnumber contactphonenumber workphone workphonenumber ph phonework landline \
         phonenumbers telefon telefono",
    ),
    (
        Field::Phone,
        OTHER,
        "homephone homephonenumber phonehome otherphone otherphonenumber alternatephone altphone \
         secondaryphone afterhoursphone",
    ),
    (
        Field::Phone,
        CORPORATE,
        "corporatephone companyphone companyphonenumber businessphone businessphonenumber \
         officephone mainphone mainnumber hqphone accountphone officenumber switchboard \
         organizationphone",
    ),
    (
        Field::Linkedin,
        PLAIN,
        "linkedin linkedinurl linkedinprofile linkedinprofileurl linkedinlink personlinkedinurl \
         personlinkedin contactlinkedin contactlinkedinurl linkedinid linkedinbio \
         linkedinpublicurl profileurl linkedinmember linkedincontactprofileurl publicprofileurl \
         defaultprofileurl salesnavigatorurl linkedinprofilelink linkedinpersonalurl",
    ),
    (
        Field::Company,
        PLAIN,
        "companyname companyaccount organization1name company organization organisation \
         organizationname organisationname accountname account employer employername businessname \
         business firm firmname associatedcompany companyorganization currentcompany \
         currentcompanyname tradingname tradename dba clientname orgname org unternehmen firma \
         empresa societe",
    ),
    (
        Field::Company,
        OTHER,
        "companynameforemails associatedcompanyname primaryassociatedcompany legalname entityname \
         legalentityname normalizedcompanyname",
    ),
    (
        Field::Title,
        PLAIN,
        "jobtitle title position role jobrole designation occupation contacttitle persontitle \
         currenttitle currentposition jobposition positiontitle worktitle executivetitle \
         jobfunctiontitle funktion cargo",
    ),
    (Field::Title, OTHER, "headline linkedinheadline contactrole"),
    (
        Field::Street,
        PLAIN,
        "street address streetaddress address1 addressline1 mailingstreet mailingaddress \
         postaladdress addressstreet street1 streetline1 physicaladdress siteaddress \
         locationaddress fulladdress strasse",
    ),
    (
        Field::City,
        PLAIN,
        "city suburb town locality cityname citytown citysuburb suburbcity suburbtown addresscity \
         personcity ort stadt ville ciudad",
    ),
    (Field::County, PLAIN, "county countyname parish lga"),
    (
        Field::State,
        PLAIN,
        "state stateprovincetextonly stateprovince province stateregion statecode stateterritory \
         stateabbreviation stateabbr mailingstateprovince stateprovincecode st addressstate \
         statename territory provincestate stateprov",
    ),
    (Field::State, OTHER, "region statecounty bundesland"),
    (
        Field::Postcode,
        PLAIN,
        "postcode zip zipcode postalcode zippostalcode postalzip zip5 postalcodezip zippostcode \
         mailingzippostalcode mailingzip pcode postcodezip addresszip addresspostcode plz pincode",
    ),
    (
        Field::Country,
        PLAIN,
        "country countrytextonly countryregion countrycode countryname nation addresscountry \
         countryiso pays pais",
    ),
    (
        Field::Location,
        PLAIN,
        "location personlocation geography geo citystate citystatecountry locationname \
         leadlocation",
    ),
    (
        Field::Sic,
        PLAIN,
        "siccode sic primarysic primarysiccode siccodes sic1 siccode1 sic4 siccode4 mainsic \
         ussiccode ussic1987code sic6 siccode6 sicnumber",
    ),
    (
        Field::Industry,
        PLAIN,
        "industry industryname sector primaryindustry vertical businesstype linkedinindustry \
         mainindustry branche",
    ),
    (
        Field::Industry,
        OTHER,
        "sicdescription siccodedescription sicdesc primarysicdescription naicsdescription \
         businesscategory category",
    ),
    (
        Field::Employees,
        PLAIN,
        "employees numberofemployees employeecount noofemployees companysize numemployees \
         headcount employeesize staff totalemployees staffcount employeerange employeesrange \
         companyheadcount size numberemployees locationemployees employeessite",
    ),
    (
        Field::Website,
        PLAIN,
        "website websiteurl companywebsite webaddress domain companydomain companydomainname \
         webpage homepage web companyurl site www companywebsiteurl emaildomain url webaddressurl \
         internetaddress",
    ),
    (
        Field::Timezone,
        PLAIN,
        "timezone tz timezoneid ianatimezone",
    ),
];

/// What may stand before a name that describes the person: `Contact Email`, `Mailing City`.
pub(super) const PERSON_PREFIXES: &str = "contact person lead prospect primary mailing home work owner customer recipient member \
     client physical property residential postal current personal";

/// What may stand before a name that describes the company: `Company City`, `Billing Country`.
pub(super) const COMPANY_PREFIXES: &str = "company billing business account organization organisation hq headquarters headoffice \
     corporate office shipping employer firm associatedcompany";
