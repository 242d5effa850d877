# Everything that a notification may say: no name, no number, no service.
title = Единый клиент
registered = Ваше заявление зарегистрировано
in-progress = Ваше заявление взято в работу
needs-correction = Нужно исправить заявление
approved = По вашему заявлению принято решение
refused = По вашему заявлению принято решение
cancelled = Ваше заявление отозвано
message = Новое сообщение от ведомства
returned = Заявление не принято: проверьте ответы
form-changed = Форма изменилась: проверьте заявление и отправьте снова
several = Есть новости по вашим заявлениям
unlock = Откройте «Единый клиент»
