//! Ways to ask us to stop in other languages: the basics of those that leads here write.
//! Accents are folded away before; scripts without spaces are searched in [`super::super::optout`].

use super::{Cues, Says::StopFirmly};

pub(super) const CUES: &[Cues] = &[Cues::new(
    StopFirmly,
    95,
    &[
        // French.
        "^^ arret ?svp|stp|merci $$", "arretez|arrete|cessez ..5 messages|envoyer|contacter|ecrire|appeler|envois|mails|courriels|sms|moi|svp|ca|immediatement", "^ arretez|arrete|cessez $", "desabonner|desabonnez|desabonnement|desinscrire|desinscription|desinscrivez|desabonne|desinscrit", "ne ..2 contactez|contacter|ecrivez|ecrire|appelez|appeler|envoyez|recontactez|contacte|envoie|ecris|appelle ..2 plus|pas|jamais", "plus me contacter|ecrire|appeler|envoyer|recevoir", "ne plus|pas|jamais ..2 menvoy*|mecri*|mappel*|envoyer|contacter|ecrire|appeler|solliciter|recevoir|nous|me", "plus recevoir", "retirer|retirez|supprimer|supprimez|enlever|enlevez|effacez|enleve|supprime|retire ..5 liste|moi|donnees|adresse|numero|coordonnees|base|nom", "me retirer|desinscrire|supprimer", "laissez|laisse moi|nous tranquille|tranquilles", "plus de messages|mails|sms|courriels|emails",
        // Spanish.
        "no me|nos ..1 escriban|escribas|escriba|escribais|llames|llamen|llame|llameis|contacten|contactes|contacte|contacteis|envien|envies|envie|manden|mandes|mande|molestes|molesten|moleste|enviéis|mandeis|textees|hablen|hables ?mas|nada", "no ?quiero|deseo|quisiera ..2 recibir", "no quiero|deseo mas ?sus|estos mensajes|correos|emails|llamadas", "no mas mensajes|correos|llamadas|textos|emails|sms", "darme|dame|deme|denme|darse|dar|dar de baja", "de baja", "^^ baja $$", "borrame|borrenme|eliminame|eliminenme|elimineme|quitame|quitenme|quiteme|saquenme|sacame|borren|eliminen|borre|elimine|quiten", "dejen|deja|deje|dejad|para|paren de escribir*|enviar*|mandar*|llamar*|molestar*|contactar*|spamear*", "cancelar ..2 suscripcion|subscripcion", "^^ cancelar|basta|alto|parar|pare|detener $$", "^^ no mas", "dejame|dejenme|dejeme en paz",
        // German.
        "abmelden|abbestellen|austragen|abbestellung|abmeldung|abmelde", "aus ..4 verteiler|liste|mailingliste|verteilerliste|datenbank", "vom ..1 newsletter|verteiler", "keine ..2 emails|mails|nachrichten|werbung|sms|anrufe|mail|email|newsletter", "nicht mehr|weiter ..2 kontaktieren|anschreiben|anrufen|schreiben|kontaktiert|angeschrieben|zu", "kontaktieren|schreiben|rufen sie|mich|uns ?mich|uns ..2 nicht", "loschen|entfernen sie|mich|uns ..3 daten|nummer|adresse|email|kontaktdaten|liste", "daten|nummer|adresse ..2 loschen", "hor|horen auf|sie ?auf ..2 schreiben|kontaktieren|nerven|mir", "lassen|lass sie|mich|uns ?mich|uns ?in ruhe", "^^ stopp|halt|aufhoren $$",
        // Italian.
        "cancellami|cancellatemi|rimuovimi|rimuovetemi|disiscrivermi|disiscrivimi|disiscrivetemi|cancellarmi|rimuovermi|disiscrizione|toglietemi|toglimi", "non ..1 contattatemi|contattarmi|scrivetemi|chiamatemi|scrivermi|chiamarmi|contattateci|mandatemi|inviatemi ?piu", "non voglio|desidero ..1 ricevere", "^^ basta|fermati $$", "smettetela|smettila|smettete",
        // Portuguese.
        "nao ..2 contate|contacte|envie|enviem|ligue|liguem|mande|mandem|contactem|contatem|escreva|perturbe ..2 mais|mensagens|emails|me", "nao me ..1 contate|contacte|envie|enviem|ligue|liguem|mande|mandem|contactem|contatem|escreva", "nao ..1 quero|desejo ..2 receber|mensagens", "remova|remover|retire|retirem|removam|exclua|apague|tire ..3 lista|email|contato|numero|dados|contacto|me", "^^ sair|parar|pare|cancelar $$", "descadastrar|descadastre|cancelar a|minha inscricao|subscricao|assinatura",
        // Dutch.
        "afmelden|uitschrijven|afmelding|uitgeschreven", "geen ..2 emails|mails|berichten|reclame|contact|sms ..1 meer", "niet meer|verder ..1 contacteren|mailen|bellen|benaderen|schrijven|benaderd", "verwijder mij|mijn|ons|me", "haal mij|me|ons ..2 van|uit", "laat me|mij|ons met rust",
        // Russian, Polish, Turkish, Vietnamese, Indonesian, Tagalog, in their usual short forms.
        "стоп", "отпишите|отписаться|отписка", "не пишите|звоните|пишите", "^^ отмена|хватит $$", "удалите меня|мой|мои", "wypisz|wypisac|wypiszcie|rezygnuje", "^^ dur|durdur|iptal $$", "ngung nhan", "huy dang ky", "dung nhan|gui|lien", "berhenti", "jangan hubungi|kirim|sms|telepon|ganggu", "tigilan|itigil", "wag|huwag niyo|na|mo|nyo ..2 text|itext|tawagan|imessage",
    ],
)];
